"""Where a run lives on disk: its name, its folder, its file names."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
RUN_ID_MAX_LENGTH = 96

MANIFEST_NAME = "manifest.json"
SUMMARY_NAME = "summary.json"
TEMP_SUFFIX = ".tmp"

_SEGMENT = re.compile(r"calls-(?P<member>[A-Za-z0-9][A-Za-z0-9._-]{0,95})-(?P<n>\d{5,})\.parquet")


class RunFolderError(Exception):
    """A run folder is not what was asked for; `str(error)` is one line."""


class InvalidRunId(RunFolderError):
    """A run's or member's name has characters that are not allowed."""


class RunExists(RunFolderError):
    """There is something under that name already; runs are never overwritten."""


class NewerSchema(RunFolderError):
    """The folder was written by a later version of the schema than this one reads."""


def check_name(name: str, what: str = "run id") -> str:
    """The name itself when it is safe as a file name.

    Raises:
        InvalidRunId: quoting it and what is valid.
    """
    if not RUN_ID.fullmatch(name):
        raise InvalidRunId(
            f"{what} must be 1 to {RUN_ID_MAX_LENGTH} of the characters A-Z a-z 0-9 . _ - "
            f"and start with a letter or digit; not {name!r}"
        )
    return name


def new_run_id(wall_unix_s: float, label: str, random_suffix: str) -> str:
    """A run id as `20251125-035412-label-suffix`: UTC time, what it is, what makes it unique.

    Args:
        wall_unix_s: Seconds since 1970.
        label: Any text; characters that are not allowed become "-", the end is cut.
        random_suffix: Drawn by the caller; letters and digits.
    """
    stamp = datetime.fromtimestamp(wall_unix_s, UTC).strftime("%Y%m%d-%H%M%S")
    room = RUN_ID_MAX_LENGTH - len(stamp) - len(random_suffix) - 2
    safe_label = re.sub(r"[^A-Za-z0-9._]+", "-", label)[: max(room, 0)].strip("-.")
    return check_name("-".join(part for part in (stamp, safe_label, random_suffix) if part))


def new_run_folder(root: Path, run_id: str) -> Path:
    """Create the folder of a new run and return its absolute path.

    The root is made when it is missing. `mkdir` is exclusive and follows no link, so of two
    processes one wins, and whatever is there already stays as it is.

    Raises:
        InvalidRunId: for a name that could lead out of the root.
        RunExists: when anything of that name exists.
        RunFolderError: when it cannot be made.
    """
    folder = _path_of_run(root, run_id)
    try:
        folder.mkdir()
    except FileExistsError:
        raise RunExists(
            f"{folder} exists already: a run is never overwritten; take another run id"
        ) from None
    except OSError as error:
        raise RunFolderError(f"cannot make {folder}: {error.strerror}") from None
    return folder


def join_run_folder(root: Path, run_id: str) -> Path:
    """The folder of a run that another process may have made already; made when missing.

    Raises:
        InvalidRunId: for a name that could lead out of the root.
        RunExists: when the run there has ended.
        RunFolderError: when it is not a folder, or is a symbolic link.
    """
    folder = _path_of_run(root, run_id)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise RunFolderError(f"cannot make {folder}: {error.strerror}") from None
    if folder.is_symlink():
        raise RunFolderError(f"{folder} is a symbolic link: not followed")
    if os.path.lexists(folder / SUMMARY_NAME):
        raise RunExists(f"{folder} holds a run that has ended: it is never overwritten")
    return folder


def segment_name(member: str, n: int) -> str:
    """File name of a member's n-th segment, n from 0."""
    return f"calls-{check_name(member, 'member name')}-{n:05d}.parquet"


def parse_segment_name(name: str) -> tuple[str, int] | None:
    """Member and number of a segment's file name; None for any other name."""
    match = _SEGMENT.fullmatch(name)
    return (match["member"], int(match["n"])) if match else None


def _path_of_run(root: Path, run_id: str) -> Path:
    check_name(run_id)
    try:
        root.mkdir(parents=True, exist_ok=True)
        return root.resolve(strict=True) / run_id
    except OSError as error:
        raise RunFolderError(f"cannot make {root}: {error.strerror}") from None
