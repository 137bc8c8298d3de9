"""The report of a sweep: made by the analysis, a program of its own."""

import subprocess
import sys
from pathlib import Path


def report_later(folder: Path) -> str:
    """How to make it."""
    return f"report: python -m analysis report {folder}"


def report_on(folder: Path) -> str:
    """Make it; where it is, or why there is none."""
    command = [sys.executable, "-m", "analysis", "report", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    said = lines[-1] if lines else "no word of why"
    return said if done.returncode == 0 else f"no report: {said}"
