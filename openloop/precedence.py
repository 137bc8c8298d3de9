"""Who comes first where processes of one run share a core.

Short slices alone (`openloop.time_slice`) do not let a sender in at once: the kernel looks at who
is to run when somebody is woken, and whoever has had more of the core until then is not; after that
it looks again at its next tick, 4 ms later at 250 Hz. All this counts among processes of one
session or container: the kernel shares the CPU out by those first.
"""

import os
from pathlib import Path

FIRST_NICENESS = -10
"""A share of nine times that of a process that has asked for nothing."""


def come_first() -> bool:
    """Take a niceness that is below others', where this process may; whether it might."""
    try:
        os.nice(FIRST_NICENESS)
    except PermissionError:
        return False
    return True


def leave_cpu_to_others(pid: int) -> bool:
    """Let a process have only the CPU time that nobody else wants: it makes room for all at once.

    Args:
        pid: Of a process of ours; all its threads are meant, and those that they start.

    Returns:
        Whether that took; False where the system knows of no such thing, or there is no process.
    """
    if not hasattr(os, "SCHED_IDLE"):
        return False
    threads = [int(one.name) for one in Path(f"/proc/{pid}/task").glob("*")]
    try:
        for thread in threads:
            os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))
    except OSError:
        return False
    return bool(threads)
