"""Room on the disk: looked at before a run, and when something could not be written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiment.sweep.ground import CannotWrite

LEAST_FREE_BYTES = 16 * 2**20
_MIB = 2**20


def check_room(folder: Path) -> None:
    """Refuse to begin what could not be recorded.

    Raises:
        CannotWrite: saying how much there is.
    """
    there = os.statvfs(folder)
    free = there.f_bavail * there.f_frsize
    if free < LEAST_FREE_BYTES:
        raise CannotWrite(
            f"{folder} has {free / _MIB:.1f} MiB free, and a run may need "
            f"{LEAST_FREE_BYTES // _MIB} MiB: make room, and give the same command again"
        )


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Tell in one line what the system refuses while the block runs.

    Raises:
        CannotWrite: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        raise CannotWrite(f"{where}: {error.strerror or error}") from None
