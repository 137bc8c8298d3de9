"""What is known of the machine and the programs that made a run, for its manifest."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parent.parent
NAMED_PACKAGES = ("locust", "gevent", "grpcio", "protobuf", "numpy", "pyarrow", "locust-knative")
GIT_TIMEOUT_S = 2.0


def program_versions() -> dict[str, str]:
    """Versions of Python and of the installed packages that a run depends on."""
    found = {"python": platform.python_version()}
    for name in NAMED_PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def host_facts() -> dict[str, Any]:
    """The machine that generated the load."""
    return {
        "system": platform.platform(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": sys.executable.rsplit("/", 1)[-1],
    }


def git_commit(folder: Path = PROJECT_ROOT) -> str | None:
    """The commit of the checkout that runs, "-dirty" behind it when changed; None outside git."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40"],  # noqa: S607 - git as the PATH has it
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=GIT_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip() or None
