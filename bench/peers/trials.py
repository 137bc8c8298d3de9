"""All that is measured in one repetition, in order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.peers import lineup, measures
from bench.peers.client import Client, Load, Unreadable
from bench.peers.noop import NoServer
from bench.peers.open_loop import OpenLoop
from bench.peers.rows import Row
from bench.peers.stalled import stalled_rows
from bench.peers.started import ClientFailed


@dataclass
class Trials:
    """The benchmark.

    Attributes:
        seconds: Length of each load; that of a stalled server lasts eight times as long.
        rates_rps: For fidelity.
        modes: Which of `lineup.MODES`.
        wanted: Texts of which a client's name holds one; none for all.
        server: The server's program; None for that in Python.
        note: Told what goes on.
    """

    seconds: float
    rates_rps: Sequence[float]
    modes: Sequence[str]
    wanted: Sequence[str]
    server: str | None
    note: Callable[[str], None]
    _start_up_s: dict[str, float] = field(default_factory=dict)

    def repetition(self, number: int) -> Iterator[Row]:
        """Every client once under every load: what disturbs the machine meets all alike."""
        for mode in self.modes:
            if mode == "stall" and number > 1:
                continue  # once is long, and everyone is there at once
            if mode == "stall":
                self.note(f"repetition {number}: stall, all clients at once")
                clients = lineup.present(lineup.stalled(), self.wanted)
                yield from stalled_rows(clients, self.seconds, number, self.server)
                continue
            for client, load in self._loads(mode, number):
                yield self._row(mode, client, load, number)

    def _loads(self, mode: str, number: int) -> Iterator[tuple[Client, Load]]:
        if mode == "fidelity":
            for rate_rps in self.rates_rps:
                for client in lineup.present(lineup.at_a_rate(), self.wanted):
                    for law in client.laws:
                        yield client, Load("", self.seconds, rate_rps, law, number)
        elif mode == "saturated":
            for client in lineup.present(lineup.flat_out(), self.wanted):
                yield client, Load("", self.seconds, seed=number)
        else:
            for client in lineup.present(lineup.at_a_rate(), self.wanted):
                if isinstance(client, OpenLoop):
                    yield from (
                        (client, load) for load in lineup.pacing_loads(client, self.seconds)
                    )

    def _row(self, mode: str, client: Client, load: Load, number: int) -> Row:
        rate = "as fast as it can" if load.rate_rps is None else f"{load.rate_rps:g} rps {load.law}"
        self.note(f"repetition {number}: {mode}, {client.name}, {rate}")
        try:
            start_up_s = self._start_up(client)
            seen = measures.see(client, load, self.server)
        except (ClientFailed, NoServer, Unreadable) as error:
            self.note(f"no figures: {error}")
            return Row(mode, client.name, number, load.rate_rps, load.law, error=str(error))
        return measures.row_of((mode, client.name, number), load, seen, start_up_s)

    def _start_up(self, client: Client) -> float:
        """CPU time of a client's start, measured once."""
        if client.name not in self._start_up_s:
            seen = measures.see(client, measures.START_UP, self.server)
            self._start_up_s[client.name] = seen.cpu_s
        return self._start_up_s[client.name]
