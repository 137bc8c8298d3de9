"""What is known of the machine and the programs that made a run, for its manifest."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parent.parent
NAMED_PACKAGES = ("locust", "gevent", "grpcio", "protobuf", "numpy", "pyarrow", "locust-knative")
GIT_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class ProgramFacts:
    """What made a run: versions by package, the checkout's state, the machine."""

    versions: dict[str, str]
    git: dict[str, Any] | None
    host: dict[str, Any]


def program_facts() -> ProgramFacts:
    """Look once, at start-up: asking git forks, which gRPC does not like once it runs."""
    return ProgramFacts(program_versions(), git_state(), host_facts())


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


def git_state(folder: Path = PROJECT_ROOT) -> dict[str, Any] | None:
    """The commit of the checkout that runs, and whether it was changed; None outside git."""
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
    name = described.stdout.strip()
    return {"commit": name.removesuffix("-dirty"), "changed": name.endswith("-dirty")}
