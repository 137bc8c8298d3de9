"""All clients at once on one server that stalls: who notices?

The server stalls for a tenth of the time. So a tenth of the calls that keep to their rate arrive in
a stall and wait for its end, evenly between 0 and its length: p95 is half of that, p99 nine tenths.
"""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.peers import lineup, measures, noop, started
from bench.peers.client import Client, Load, Unreadable
from bench.peers.rows import Row

_PERIOD_SHARE, _STALL_SHARE, _PERIODS = 2.0, 0.2, 4
_MS_PER_S = 1e3


def truth_ms(seconds: float) -> dict[str, float]:
    """Percentiles by arithmetic, where no call takes any time but in a stall."""
    stall_ms = _MS_PER_S * _STALL_SHARE * seconds
    return {"p50": 0.0, "p90": 0.0, "p95": stall_ms / 2, "p99": 0.9 * stall_ms, "max": stall_ms}


def stalled_rows(
    clients: Sequence[Client], seconds: float, repetition: int, server: str | None
) -> list[Row]:
    """Four periods of the server; with 5 seconds it stalls for 1 s in every 10 s."""
    every_s, for_s = _PERIOD_SHARE * seconds, _STALL_SHARE * seconds
    with ExitStack() as stack:
        target = stack.enter_context(noop.serving(server, every_s, for_s))
        load = Load(target.address, _PERIODS * every_s, lineup.STALL_RPS)
        running = []
        for client in clients:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            command = client.command(load, folder)
            running.append((client, folder, started.Started(command, folder, load.seconds)))
        return [_row(client, folder, one, load, repetition) for client, folder, one in running]


def _row(
    client: Client, folder: Path, running: started.Started, load: Load, repetition: int
) -> Row:
    ended = running.wait()
    about = ("stall", client.name, repetition, load.rate_rps, load.law)
    try:
        reported = client.read(folder, ended.printed)
    except (OSError, Unreadable) as error:
        return Row(*about, error=f"{started.failure(client.name, ended)} {error}")
    asked = {"asked": load.rate_rps * load.seconds} if load.rate_rps else {}
    return Row(*about, {**asked, **measures.said(reported)}, level=reported.level)
