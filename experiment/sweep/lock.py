"""One sweep at a time in a folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from experiment.errors import ExperimentError

LOCK_NAME = ".lock"
_OPEN = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


class UnderWay(ExperimentError):
    """Another process conducts the sweep of this folder."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep others out while the block runs; the system lets them in when this process is killed.

    Raises:
        UnderWay: when another is at it.
        OSError: when the lock cannot be made.
    """
    descriptor = os.open(folder / LOCK_NAME, _OPEN, 0o644)
    try:
        _take(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def leave_if_empty(folder: Path) -> None:
    """Take away a folder that holds nothing but the lock: what was to be in it was refused."""
    with suppress(OSError):
        if [path.name for path in folder.iterdir()] == [LOCK_NAME]:
            (folder / LOCK_NAME).unlink()
            folder.rmdir()


def _take(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
        raise UnderWay(
            f"a sweep is under way in {folder} (process {owner or 'unknown'}): "
            "wait for its end, or take another --out"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
