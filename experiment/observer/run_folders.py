"""Which run is under way in a folder of runs."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from records.replica_rows import LIVE_NAME, TABLE_NAME
from records.run_folder import RUN_ID, SUMMARY_NAME

STALE_S = 120.0
"""A run without summary that has written nothing for so long was killed."""
_ENDS = (SUMMARY_NAME, TABLE_NAME)


def run_under_way(results: Path, now_unix_s: float | None = None) -> Path | None:
    """The run folder that is being written, the one written last where there are several."""
    now_unix_s = time.time() if now_unix_s is None else now_unix_s
    written = {folder: _written_unix_s(folder) for folder in _open_runs(results)}
    alive = [folder for folder, at in written.items() if now_unix_s - at < STALE_S]
    return max(alive, key=lambda folder: (written[folder], folder.name), default=None)


def is_over(folder: Path) -> bool:
    """Whether the run in a folder has ended, or its observation has, or the folder is gone."""
    return not folder.is_dir() or any((folder / name).exists() for name in _ENDS)


def _open_runs(results: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        for path in results.iterdir():
            if RUN_ID.fullmatch(path.name) and not path.is_symlink() and not is_over(path):
                yield path


def _written_unix_s(folder: Path) -> float:
    """When the run last wrote; what an observer wrote does not count."""
    newest = 0.0
    with suppress(FileNotFoundError):  # files of a run come and go
        newest = folder.stat().st_mtime
        for path in folder.iterdir():
            if path.name != LIVE_NAME:
                newest = max(newest, path.stat().st_mtime)
    return newest
