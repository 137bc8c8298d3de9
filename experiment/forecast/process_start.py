"""What a process of the engine does first, before it imports the simulator."""

import os
import signal

_NUMBA_SWITCH = "NUMBA_DISABLE_JIT"


def begin(is_plain: bool) -> None:  # noqa: FBT001
    """Choose the simulator's engine before its import; leave Ctrl-C to the parent process.

    Args:
        is_plain: Whether to leave the simulator uncompiled.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if is_plain:
        os.environ[_NUMBA_SWITCH] = "1"
