"""Ends the processes of a run whose sweep was killed."""

import os
import signal
import time
from contextlib import suppress

from experiment.sweep.carrying.process_table import marked_with, started_of
from experiment.sweep.ground import Halted

POLITE_S = 5.0
"""After SIGTERM: long enough to end, not to wait for calls whose records nobody will use."""
HARD_S = 10.0
LOOK_S = 0.05


class StillThere(Halted):
    """A process of an earlier run cannot be ended."""


def living(pid: int, started: str | None, mark: str) -> set[int]:
    """Which processes of a run are there.

    Args:
        pid: Of the process that carried it.
        started: When that was started; another process that has its number by now is not it.
        mark: What all processes of the run have in their environment.
    """
    marked = set(marked_with(mark)) if mark else set()
    alive = {one for one in marked if started_of(one) is not None}
    is_it = started is not None and started_of(pid) == started
    return alive | ({pid} if is_it else set())


def end_run(pid: int, started: str | None, mark: str) -> int:
    """End what is left of a run, first politely; how many processes that was.

    Raises:
        StillThere: when one does not end.
    """
    found = living(pid, started, mark)
    left = found
    for number, patience_s in ((signal.SIGTERM, POLITE_S), (signal.SIGKILL, HARD_S)):
        for one in left:
            with suppress(ProcessLookupError):
                os.kill(one, number)
        left = _left_after(patience_s, pid, started, mark) if left else left
    if left:
        raise StillThere(
            f"process {min(left)} of an earlier run does not end, and the sweep would share the "
            "machine with it: end it, and give the same command again"
        )
    return len(found)


def _left_after(patience_s: float, pid: int, started: str | None, mark: str) -> set[int]:
    end_s = time.monotonic() + patience_s
    while (left := living(pid, started, mark)) and time.monotonic() < end_s:
        time.sleep(LOOK_S)
    return left
