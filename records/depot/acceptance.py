"""What may still be added to a run that has files already."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from records.json_file import read_json
from records.run_folder import MANIFEST_NAME, SUMMARY_NAME, parse_segment_name

WRITERS_BESIDE_MEMBERS = ("conductor",)


def refusal(folder: Path, name: str) -> str | None:
    """Why a file that is not there yet must not be added; None when it may.

    A finished run takes rows of its own members alone: pods of another run under the same name
    must not mix theirs in.
    """
    segment = parse_segment_name(name)
    if segment is None or not is_finished(folder):
        return None
    members = (_manifest(folder) or {}).get("members", ())
    if segment[0] in (*members, *WRITERS_BESIDE_MEMBERS):
        return None
    return f"the run has ended, and {segment[0]} was none of its members"


def replacement_refusal(folder: Path, name: str, new: Mapping[str, Any] | None) -> str | None:
    """Why a file that is there must not be replaced by another; None when it may.

    Args:
        folder: The run's.
        name: A file that is not of rows.
        new: Its new content when it is the manifest.
    """
    if is_finished(folder):
        return "the run has ended: it is never overwritten"
    there = _manifest(folder)
    if name != MANIFEST_NAME or there is None or _identity(there) == _identity(new or {}):
        return None
    return "the name belongs to another run: take another run id"


def is_finished(folder: Path) -> bool:
    """Whether the run's summary is there, the last file that its master writes."""
    return (folder / SUMMARY_NAME).is_file()


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        return read_json(folder / MANIFEST_NAME)
    except (OSError, ValueError):
        return None


def _identity(manifest: Mapping[str, Any]) -> tuple[object, object]:
    return manifest.get("run_id"), manifest.get("started_unix_s")
