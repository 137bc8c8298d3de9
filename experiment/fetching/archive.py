"""A run's files out of a tar that came over the network: checked first, then unpacked flat."""

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from experiment.errors import ExperimentError
from records.atomic_file import write_new_stream
from records.depot.travelling import is_safe_name

MOST_BYTES = 8 * 1024**3
MOST_FILE_BYTES = 1024**3
MOST_FILES = 100_000
PIECE_BYTES = 1 << 20


class UnsafeArchive(ExperimentError):
    """The archive holds something that a run folder never has; nothing of the run is changed."""


def unpack_run(
    stream: IO[bytes],
    run_id: str,
    into: Path,
    most_bytes: int = MOST_BYTES,
    most_file_bytes: int = MOST_FILE_BYTES,
) -> tuple[str, ...]:
    """Write the files of a run's tar into an empty folder; their names.

    Entries are `NAME` or `RUN/NAME`. Contents count as they stand in the archive, so a sparse or
    endless one is refused before it is written.

    Args:
        stream: The uncompressed tar, read once from front to back.
        run_id: Whose files are expected.
        into: An empty folder.
        most_bytes: All files together.
        most_file_bytes: One file.

    Raises:
        UnsafeArchive: for links, devices, names that lead elsewhere, doubles, or too much.
        OSError: when a file cannot be written.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            return tuple(_unpacked(archive, run_id, into, most_bytes, most_file_bytes))
    except tarfile.TarError as error:
        raise UnsafeArchive(f"the archive of run {run_id} cannot be read: {error}") from None


def _unpacked(
    archive: tarfile.TarFile, run_id: str, into: Path, most_bytes: int, most_file_bytes: int
) -> Iterator[str]:
    room_bytes = most_bytes
    names: set[str] = set()
    for entry in archive:
        if entry.isdir():
            continue
        name = _safe_name(entry, run_id)
        room_bytes -= entry.size
        if room_bytes < 0 or len(names) >= MOST_FILES or entry.size > most_file_bytes:
            raise UnsafeArchive(
                f"the archive of run {run_id} is too large: valid are up to {most_bytes} bytes "
                f"in {MOST_FILES} files of up to {most_file_bytes}"
            )
        if name in names:
            raise UnsafeArchive(f"the archive of run {run_id} holds {name} twice")
        names.add(name)
        _write(archive, entry, into / name)
        yield name


def _safe_name(entry: tarfile.TarInfo, run_id: str) -> str:
    name = entry.name.removeprefix("./").removeprefix(f"{run_id}/")
    plain = entry.isreg() and not entry.issparse()
    if not plain or not is_safe_name(name):
        raise UnsafeArchive(
            f"the archive of run {run_id} holds {entry.name!r}: valid are plain files {run_id}/NAME"
        )
    return name


def _write(archive: tarfile.TarFile, entry: tarfile.TarInfo, path: Path) -> None:
    content = archive.extractfile(entry)
    assert content is not None  # a regular file always has some
    write_new_stream(path, _pieces(content, entry))


def _pieces(content: IO[bytes], entry: tarfile.TarInfo) -> Iterator[bytes]:
    """All of an entry, never more than a piece of it in memory."""
    left = entry.size
    while left:
        piece = content.read(min(left, PIECE_BYTES))
        if not piece:
            raise UnsafeArchive(f"the archive ends inside {entry.name!r}")
        left -= len(piece)
        yield piece
