"""The report of a run, made beside this process: analysis is heavy, and no part of a generator."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from records.writer_start import writer_environment

REPORT_FOLDER = "report"
REPORT_PAGE = "index.html"


@dataclass(frozen=True)
class ReportState:
    """Where the report of a run stands.

    Attributes:
        state: "not installed", "none", "in the making", "ready" or "failed".
        said: Why it failed; empty otherwise.
    """

    state: str
    said: str = ""


class ReportMaker:
    """Starts `python -m analysis report RUN`, one at a time.

    Args:
        python: The interpreter that makes reports.
    """

    def __init__(self, python: str = sys.executable) -> None:
        self._python = python
        self._process: subprocess.Popen[str] | None = None
        self._folder: Path | None = None
        self._failures: dict[Path, str] = {}
        # Found, not imported: its libraries would be loaded into the generator.
        self._is_installed = find_spec("analysis") is not None

    def state(self, folder: Path) -> ReportState:
        """Where the report of the run in this folder stands."""
        self._look()
        if self._process is not None and folder == self._folder:
            return ReportState("in the making")
        if (folder / REPORT_FOLDER / REPORT_PAGE).is_file():
            return ReportState("ready")
        if folder in self._failures:
            return ReportState("failed", self._failures[folder])
        return ReportState("none" if self._is_installed else "not installed")

    def start(self, folder: Path) -> ReportState:
        """Begin to make the report, unless it is there or another one is being made."""
        if self.state(folder).state in {"none", "failed"} and self._process is None:
            self._failures.pop(folder, None)
            self._folder = folder
            self._process = subprocess.Popen(
                [self._python, "-P", "-m", "analysis", "report", str(folder.resolve())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=writer_environment(),
                text=True,
                start_new_session=True,
            )
        return self.state(folder)

    def _look(self) -> None:
        """Take note of a process that has ended."""
        process, folder = self._process, self._folder
        if process is None or folder is None or process.poll() is None:
            return
        self._process = None
        if process.returncode != 0:
            said = process.stderr.read() if process.stderr else ""
            lines = said.strip().splitlines() or [f"it ended with {process.returncode}"]
            self._failures[folder] = lines[-1]
