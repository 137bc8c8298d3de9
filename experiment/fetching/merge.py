"""Fetched files put into a run's folder: rows are added, never changed; a finished run stays."""

import filecmp
import os
from dataclasses import replace
from pathlib import Path

from experiment.errors import ExperimentError
from records.manifest import Manifest, read_manifest, write_manifest
from records.run_folder import MANIFEST_NAME, SUMMARY_NAME, RunFolderError

REPLACED_WHILE_UNFINISHED = (MANIFEST_NAME, SUMMARY_NAME)
"""Files that grow with the run, in the order they move: the summary says that it has ended."""


class WouldOverwrite(ExperimentError):
    """What is there differs from what was fetched; nothing was changed."""


def merge_run(fetched: Path, folder: Path) -> tuple[str, ...]:
    """Move what is new from one folder into another on the same disk; the names moved.

    Doing it again is a no-op. Everything is checked before the first file moves, and the summary
    moves last, so a merge that was cut short can simply be done again.

    Raises:
        WouldOverwrite: when a file of rows, or any file of a finished run, would change.
        OSError: when a file cannot be read or moved.
    """
    _keep_what_was_added(fetched, folder)
    finished = os.path.lexists(folder / SUMMARY_NAME)
    new = [name for name in _in_order(fetched) if not _same(fetched / name, folder / name)]
    for name in new:
        _check_may_replace(folder / name, finished=finished)
    for name in new:
        (fetched / name).replace(folder / name)
    return tuple(new)


def _keep_what_was_added(fetched: Path, folder: Path) -> None:
    """The pods of a run know nothing of the Service: its settings are added where it is started."""
    new, there = (_manifest(place) for place in (fetched, folder))
    if new is None or there is None or new.knative is not None or there.knative is None:
        return
    if (new.run_id, new.started_unix_s) == (there.run_id, there.started_unix_s):
        write_manifest(fetched, replace(new, knative=there.knative))


def _manifest(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except RunFolderError:
        return None


def _in_order(fetched: Path) -> list[str]:
    names = {path.name for path in fetched.iterdir()}
    late = [name for name in REPLACED_WHILE_UNFINISHED if name in names]
    return [*sorted(names - set(late)), *late]


def _same(new: Path, there: Path) -> bool:
    return there.is_file() and not there.is_symlink() and filecmp.cmp(new, there, shallow=False)


def _check_may_replace(there: Path, *, finished: bool) -> None:
    if not os.path.lexists(there):
        return
    if finished:
        raise WouldOverwrite(f"{there.parent} holds a finished run with another {there.name}")
    if there.name not in REPLACED_WHILE_UNFINISHED or there.is_symlink():
        raise WouldOverwrite(f"{there} exists with other contents: rows are never overwritten")
