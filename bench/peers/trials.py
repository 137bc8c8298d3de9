"""All that is measured, in order: every client meets every load once in each repetition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.peers import lineup, measures, skew, spin_worker, stalled
from bench.peers.client import Client, Load
from bench.peers.open_loop import ours
from bench.peers.plan import Trial
from bench.peers.rows import Row
from bench.peers.servers import Server
from bench.peers.skew import skew_trial
from bench.peers.spin_worker import spin_trial
from bench.peers.stalled import stall_trial

START = "start"
_WITHOUT_LOAD = (stalled.MODE, skew.MODE, spin_worker.MODE)
_SERVER_S = 0.2


@dataclass
class Trials:
    """The benchmark.

    Attributes:
        seconds: Length of each load; that of a stalled server lasts longer.
        rates_rps: For fidelity.
        modes: Which of `lineup.MODES`.
        wanted: Texts of which a client's name holds one; none for all.
        server: What all of them call.
    """

    seconds: float
    rates_rps: Sequence[float]
    modes: Sequence[str]
    wanted: Sequence[str]
    server: Server
    _started: dict[tuple[str, bool], measures.Seen] = field(default_factory=dict)

    def planned(self, repetitions: int) -> list[Trial]:
        """All trials, repetition by repetition: what disturbs the machine meets all alike."""
        loaded = [
            trial
            for number in range(1, repetitions + 1)
            for mode in self.modes
            if lineup.repeats(mode, number)
            for trial in self._of(mode, number)
        ]
        return [*self._starts(), *loaded]

    def _of(self, mode: str, number: int) -> Iterator[Trial]:
        if mode in _WITHOUT_LOAD:
            yield self._whole(mode)
            return
        for client, load in self._loads(mode, number):
            yield self._trial(mode, client, load, number)
        if mode == "fidelity" and number == 1 and self.server.has_http:
            for client, load in self._paced_only():
                yield self._trial(mode, client, load, number)

    def _whole(self, mode: str) -> Trial:
        """What one trial measures as a whole."""
        if mode == skew.MODE:
            return skew_trial()
        if mode == spin_worker.MODE:
            return spin_trial()
        return stall_trial(self._present(lineup.stalled()), self.seconds, self.server)

    def _paced_only(self) -> Iterator[tuple[Client, Load]]:
        for rate_rps in self.rates_rps:
            for client in self._present(lineup.paced_only(rate_rps)):
                for law in client.laws:
                    yield client, Load("", self.seconds, rate_rps, law)

    def _loads(self, mode: str, number: int) -> Iterator[tuple[Client, Load]]:
        if mode == "fidelity":
            for rate_rps in self.rates_rps:
                for client in self._present(lineup.at_a_rate(rate_rps)):
                    for law in client.laws:
                        yield client, Load("", self.seconds, rate_rps, law, number)
        elif mode == "saturated":
            for client in self._present(lineup.flat_out()):
                yield client, Load("", self.seconds, seed=number)
        else:
            yield from self._pacing(number)

    def _pacing(self, number: int) -> Iterator[tuple[Client, Load]]:
        """What fidelity measures anyway is not measured twice."""
        known = self.rates_rps if "fidelity" in self.modes else ()
        for client in lineup.present(ours(), self.wanted):
            for rate_rps in client.pacing_rps:
                if rate_rps not in known:
                    yield client, Load("", self.seconds, rate_rps, "poisson", number)

    def _trial(self, mode: str, client: Client, load: Load, number: int) -> Trial:
        def measure() -> Sequence[Row]:
            seen = measures.see(client, load, self.server)
            start = self._started.get((client.name, load.rate_rps is None))
            return [measures.row_of((mode, client.name, number), load, seen, start)]

        lasts_s = load.seconds + client.extra_s + _SERVER_S
        return Trial(mode, client.name, number, load.rate_rps, load.law, lasts_s, measure)

    def _starts(self) -> Iterator[Trial]:
        """CPU time of each client's start, measured once, before all else."""
        everyone = {
            (client.name, load.rate_rps is None): client
            for mode in self.modes
            for client, load in self._met(mode)
        }
        for (_, is_flat_out), client in everyone.items():
            yield self._start(client, is_flat_out=is_flat_out)

    def _met(self, mode: str) -> Iterator[tuple[Client, Load]]:
        return iter(()) if mode in _WITHOUT_LOAD else self._loads(mode, 1)

    def _start(self, client: Client, *, is_flat_out: bool) -> Trial:
        short = Load("", measures.SHORT_SHARE * self.seconds)
        load = short if is_flat_out else measures.START_UP

        def measure() -> Sequence[Row]:
            seen = measures.see(client, load, self.server)
            self._started[client.name, is_flat_out] = seen
            return [Row(START, client.name, 1, load.rate_rps, "", {"cpu_s": seen.cpu_s})]

        lasts_s = load.seconds + client.extra_s + _SERVER_S
        return Trial(START, client.name, 1, load.rate_rps, "", lasts_s, measure)

    def _present(self, clients: Sequence[Client]) -> list[Client]:
        return lineup.present(clients, self.wanted)
