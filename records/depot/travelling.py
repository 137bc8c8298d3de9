"""Which files of a results folder travel, and in what order."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from records.run_folder import MANIFEST_NAME, RUN_ID, SUMMARY_NAME, TEMP_SUFFIX

LOOKED_AT_LAST_FIRST = (SUMMARY_NAME, MANIFEST_NAME)
"""The summary says that nothing else changes any more. So it is looked for first and sent last: a
manifest that is older than the summary that was seen could not follow it."""


@dataclass(frozen=True)
class Stamp:
    """What tells one state of a file from another."""

    size_bytes: int
    modified_ns: int
    inode: int


@dataclass(frozen=True)
class FoundFile:
    """A file of a run, as it was when the folder was read."""

    run: str
    name: str
    path: Path
    stamp: Stamp


def is_safe_name(name: str) -> bool:
    """Whether a file of this name may be in a run folder: no path, nothing hidden or unfinished."""
    return RUN_ID.fullmatch(name) is not None and not name.endswith(TEMP_SUFFIX)


def is_of_rows(name: str) -> bool:
    """Whether the file is written once and never again."""
    return name.endswith(".parquet")


def find_files(root: Path) -> list[FoundFile]:
    """The finished files of all runs below a folder, in the order in which they may be sent.

    A folder that is not there yet holds none. Links and unsafe names are left out.
    """
    runs = (name for name in _names(root) if is_safe_name(name))
    return [found for run in runs for found in files_of_run(root, run)]


def files_of_run(root: Path, run: str) -> list[FoundFile]:
    """The finished files of one run, the summary last, the manifest before it."""
    folder = root / run
    if folder.is_symlink() or not folder.is_dir():
        return []
    last_first = [_look(run, folder / name) for name in LOOKED_AT_LAST_FIRST]
    others = (name for name in _names(folder) if name not in LOOKED_AT_LAST_FIRST)
    found = [_look(run, folder / name) for name in others if is_safe_name(name)]
    return [one for one in (*found, *reversed(last_first)) if one is not None]


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp of an open file or a path."""
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ino)


def _names(folder: Path) -> Iterator[str]:
    try:
        yield from sorted(path.name for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return


def _look(run: str, path: Path) -> FoundFile | None:
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return FoundFile(run, path.name, path, stamp_of(path.stat()))
    except FileNotFoundError:
        return None  # gone between the two looks
