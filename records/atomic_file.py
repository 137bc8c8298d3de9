"""Files that are whole or not there: temporary name, fsync, rename, fsync of the folder."""

import os
from collections.abc import Iterable
from pathlib import Path

from records.run_folder import TEMP_SUFFIX

# O_EXCL and O_NOFOLLOW: never write through a file or link that somebody put there.
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_new_file(path: Path, data: bytes | memoryview) -> None:
    """Write a file that does not exist yet.

    Raises:
        FileExistsError: when the file or its temporary file exists.
        OSError: when it cannot be written; nothing is left behind then.
    """
    write_new_stream(path, (data,))


def write_new_stream(path: Path, chunks: Iterable[bytes | memoryview]) -> None:
    """Write a file that does not exist yet as its content comes.

    Whatever the chunks raise is raised, and then nothing is left behind.

    Raises:
        FileExistsError: when the file or its temporary file exists.
        OSError: when it cannot be written; nothing is left behind then.
    """
    if os.path.lexists(path):
        raise FileExistsError(f"{path} exists already")
    _write_and_rename(path, chunks)


def replace_file(path: Path, data: bytes | memoryview) -> None:
    """Write a file in place of an earlier one; a reader sees the old or the new, never a mixture.

    Raises:
        OSError: when it cannot be written; the earlier file stays as it was.
    """
    _temp(path).unlink(missing_ok=True)  # left by a process that was killed while writing
    _write_and_rename(path, (data,))


def _temp(path: Path) -> Path:
    return path.with_name(path.name + TEMP_SUFFIX)


def _write_and_rename(path: Path, chunks: Iterable[bytes | memoryview]) -> None:
    temp = _temp(path)
    descriptor = os.open(temp, _CREATE, 0o644)
    try:
        try:
            for chunk in chunks:
                _write_all(descriptor, chunk)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temp.rename(path)
    except BaseException:
        temp.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _write_all(descriptor: int, data: bytes | memoryview) -> None:
    rest = memoryview(data).cast("B")
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
