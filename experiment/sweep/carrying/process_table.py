"""Which processes there are, and which of them are of one run: by start time, and by a mark."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARK = "EXPERIMENT_SWEEP_RUN"
"""Environment variable that all processes of a run have, with a value of its own."""
_PROC = Path("/proc")
_BOOT = _PROC / "sys/kernel/random/boot_id"
_STATE, _STARTED = 0, 19
"""Places in /proc/PID/stat behind the command's name."""
_ENDED = ("Z", "X")


def started_of(pid: int) -> str | None:
    """When a process was started, as a text that no other process of that number has.

    The system's boot and the clock ticks since it; None where there is no such process, or it has
    ended and only its parent has not asked yet.
    """
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        boot = _BOOT.read_text().strip()
    except OSError:
        return None
    return None if fields[_STATE] in _ENDED else f"{boot}/{fields[_STARTED]}"


def marked_with(mark: str) -> list[int]:
    """Numbers of all other processes that have this mark."""
    wanted = f"{MARK}={mark}".encode()
    return [pid for pid in _others() if wanted in _environment(pid)]


def _others() -> Iterator[int]:
    own = os.getpid()
    with suppress(OSError):
        for entry in os.scandir(_PROC):
            if entry.name.isdecimal() and int(entry.name) != own:
                yield int(entry.name)


def _environment(pid: int) -> list[bytes]:
    try:
        return (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:  # another user's, or gone
        return []
