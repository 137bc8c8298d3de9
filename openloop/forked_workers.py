"""Workers that `--processes` forked end with the process that forked them.

Locust's master looks for its children once when it ends, takes those that still run for ended, and
leaves them. A master that refuses an option would leave workers that wait for it for minutes.
"""

import ctypes
import os
import signal
import sys
from functools import cache

PR_SET_PDEATHSIG = 1


@cache
def end_forks_with_us() -> None:
    """Ask for it in every process that is forked from now on; Linux only."""
    if sys.platform == "linux":
        os.register_at_fork(after_in_child=_end_with_parent)


def _end_with_parent() -> None:
    """SIGTERM when the parent is gone: a run is drained, and what only waits ends at once."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
