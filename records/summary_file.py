"""`summary.json`: the verdict's numbers. Its presence says that the run has ended."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from records.json_file import read_json, write_json
from records.run_folder import SUMMARY_NAME, NewerSchema, RunFolderError

SUMMARY_VERSION = 1
VERSION_KEY = "summary_version"


def write_summary(folder: Path, summary: Mapping[str, Any]) -> Path:
    """Write or replace the summary atomically; its version is added when it states none.

    Raises:
        TypeError: for a value that JSON cannot hold.
        OSError: when it cannot be written; the earlier one stays as it was.
    """
    path = folder / SUMMARY_NAME
    write_json(path, {VERSION_KEY: SUMMARY_VERSION, **summary})
    return path


def read_summary(folder: Path) -> dict[str, Any]:
    """The summary of a run folder.

    Raises:
        NewerSchema: when a later version wrote it.
        RunFolderError: when it is missing or damaged.
    """
    path = folder / SUMMARY_NAME
    try:
        summary = read_json(path)
    except FileNotFoundError:
        raise RunFolderError(f"{path} is not there: the run has not ended") from None
    except (OSError, ValueError) as error:
        raise RunFolderError(f"{path} cannot be read: {error}") from None
    version = summary.get(VERSION_KEY)
    if not isinstance(version, int):
        raise RunFolderError(f"{path} has no version: {version!r}")
    if version > SUMMARY_VERSION:
        raise NewerSchema(f"{path} has version {version}; this program reads {SUMMARY_VERSION}")
    return summary
