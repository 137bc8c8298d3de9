"""What an attempt at a run came to: from its exit code and its folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiment.sweep.carrying.carried import OUT_OF_TIME
from records.manifest import read_manifest
from records.run_folder import RunFolderError
from records.summary_file import read_summary
from verdict.exit_codes import CHECK_MISSED, INVALID, OK

INVALID_LEVEL = "INVALID"
_USABLE = (OK, 1, INVALID, CHECK_MISSED)


@dataclass(frozen=True)
class Outcome:
    """An attempt that has ended.

    Attributes:
        exit_code: As the run gave it.
        level: Of its verdict; "" where there is none.
        overload_class: What the verdict says of the target.
        reason: Why it is of no use; "" where it is of use.
        is_complete: It ended by itself, and its records are whole.
    """

    exit_code: int
    level: str = ""
    overload_class: str = ""
    reason: str = ""
    is_complete: bool = False


def outcome_of(folder: Path, exit_code: int, last_words: str) -> Outcome:
    """What came of an attempt.

    Args:
        folder: Of the attempt; it may be missing.
        exit_code: Of what carried it.
        last_words: What that said last.
    """
    if exit_code not in _USABLE:
        return Outcome(exit_code, reason=_why(exit_code, last_words))
    try:
        summary = _whole_summary(folder)
    except RunFolderError as error:
        return Outcome(exit_code, reason=f"{error} (exit code {exit_code}: {last_words})")
    return _of_summary(summary, exit_code)


def complete_outcome(folder: Path) -> Outcome | None:
    """What a run came to whose exit code nobody saw; None where it did not end by itself."""
    try:
        summary = _whole_summary(folder)
    except RunFolderError:
        return None
    outcome = _of_summary(summary, _code(summary))
    return outcome if outcome.is_complete else None


def _of_summary(summary: dict[str, Any], exit_code: int) -> Outcome:
    level, stopped_by = summary["verdict"]["level"], summary["context"].get("stopped_by")
    reasons = ", ".join(one["reason"] for one in summary["verdict"]["findings"])
    reason = f"{level} ({reasons})" if level == INVALID_LEVEL else ""
    return Outcome(
        exit_code=exit_code,
        level=level,
        overload_class=summary["overload"]["level"],
        reason=f"stopped by {stopped_by}" if stopped_by else reason,
        is_complete=not stopped_by,
    )


def _whole_summary(folder: Path) -> dict[str, Any]:
    """The summary of a run that has ended.

    Raises:
        RunFolderError: when the run has not, or its files are damaged.
    """
    summary = read_summary(folder)
    if not read_manifest(folder).finished:
        raise RunFolderError(f"{folder} is not finished")
    missing = [key for key in ("verdict", "context", "overload") if key not in summary]
    if missing:
        raise RunFolderError(f"the summary of {folder} has no {missing[0]}")
    return summary


def _code(summary: dict[str, Any]) -> int:
    if summary["verdict"]["level"] == INVALID_LEVEL:
        return INVALID
    missed = any(not check.get("passed", True) for check in summary.get("checks") or ())
    return CHECK_MISSED if missed else OK


def _why(exit_code: int, last_words: str) -> str:
    if exit_code == OUT_OF_TIME:
        return "it did not end in time and was ended"
    return f"exit code {exit_code}: {last_words or 'it said nothing'}"
