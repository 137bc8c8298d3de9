"""The first screen on the page of a GitHub Actions job."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verdict.first_screen import headline, render


def append_step_summary(path: Path, summary: Mapping[str, Any]) -> None:
    """Append to the file that GITHUB_STEP_SUMMARY names.

    Raises:
        OSError: when it cannot be written.
    """
    with path.open("a", encoding="utf-8") as file:
        file.write(step_summary_markdown(summary))


def step_summary_markdown(summary: Mapping[str, Any]) -> str:
    """The first screen as a code block: the target's words in it are never read as Markdown."""
    return as_markdown(f"{headline(summary)}: load run {summary['run_id']}", render(summary))


def as_markdown(title: str, text: str) -> str:
    """A heading, and a text as a code block."""
    fence = "`" * (_longest_run_of_ticks(text) + 3)
    return f"### {title}\n\n{fence}text\n{text}\n{fence}\n\n"


def _longest_run_of_ticks(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
