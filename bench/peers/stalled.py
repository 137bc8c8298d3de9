"""All clients at once on one server that stalls: who notices?

The server stalls for a tenth of the time. So a tenth of the calls that keep to their rate arrive in
a stall and wait for its end, evenly between 0 and its length: p95 is half of that, p99 nine tenths.
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.peers import lineup, measures, noop, started
from bench.peers.client import Client, Load
from bench.peers.plan import Trial
from bench.peers.rows import Row
from bench.peers.servers import Server, Stalls

MODE = "stall"
_EVERY_S, _STALL_SHARE, _PERIODS = 10.0, 0.1, 3
_SHORTER_BELOW_S = 4.0
_MS_PER_S = 1e3
_EXTRA_S = 1.0


def stalls_of(seconds: float) -> Stalls:
    """A second in every ten; shorter where loads are, in a run for trying."""
    every_s = _EVERY_S * min(1.0, seconds / _SHORTER_BELOW_S)
    return Stalls(every_s, _STALL_SHARE * every_s)


def truth_ms(seconds: float) -> dict[str, float]:
    """Percentiles by arithmetic, where no call takes any time but in a stall."""
    stall_ms = _MS_PER_S * stalls_of(seconds).for_s
    return {"p50": 0.0, "p90": 0.0, "p95": stall_ms / 2, "p99": 0.9 * stall_ms, "max": stall_ms}


def stall_trial(clients: Sequence[Client], seconds: float, server: Server) -> Trial:
    """Three periods of the server."""
    stalls = stalls_of(seconds)

    def measure() -> Sequence[Row]:
        return stalled_rows(clients, server, stalls, _PERIODS)

    starts_s = sum(client.extra_s for client in clients)
    lasts_s = _PERIODS * stalls.every_s + starts_s + _EXTRA_S
    return Trial(MODE, "all at once", 1, lineup.STALL_RPS, "uniform", lasts_s, measure)


def stalled_rows(
    clients: Sequence[Client], server: Server, stalls: Stalls, periods: int
) -> list[Row]:
    """What each says of so many periods of the server's."""
    with ExitStack() as stack:
        target = stack.enter_context(noop.serving(server, stalls))
        load = Load(target.address, periods * stalls.every_s, lineup.STALL_RPS)
        running = []
        for client in clients:
            folder = Path(stack.enter_context(measures.scratch()))
            one = started.Started(client.command(load, folder), folder, load.seconds)
            stack.callback(one.end)
            running.append((client, folder, one))
            time.sleep(client.extra_s)  # or all would start on one core at once, and send late
        return [_row(client, folder, one, load) for client, folder, one in running]


def _row(client: Client, folder: Path, running: started.Started, load: Load) -> Row:
    ended = running.wait()
    about = (MODE, client.name, 1, load.rate_rps, load.law)
    try:
        reported = client.read(folder, ended.printed)
    except Exception as error:  # noqa: BLE001 - one client's fault must not cost the others' figures
        return Row(*about, error=str(started.failure(client.name, ended, error)))
    asked = {"asked": load.rate_rps * load.seconds} if load.rate_rps else {}
    return Row(*about, {**asked, **measures.said(reported)}, level=reported.level)
