"""The command line of Locust for one run of a sweep."""

import os
from collections.abc import Sequence
from pathlib import Path

from experiment.sweep.ground import NotForGround
from experiment.sweep.load_arguments import load_arguments
from experiment.sweep.spec import SweepSpec
from records.sweeps.planned import PlannedRun

OUR_LOCUSTFILE = Path(__file__).resolve().parents[3] / "locustfile.py"
IN_PACKAGE = OUR_LOCUSTFILE.with_name("grpc_user") / "spin_user.py"
# Overload of the target is a finding: failed requests alone are no failure of a run.
ALWAYS = ("--headless", "--only-summary", "--exit-code-on-error=0")
_LOCUSTFILES = ("-f", "--locustfile")
OURS = (
    "--distribution",
    "--duration",
    "--grpc-timeout",
    "--host",
    "--master",
    "--records",
    "--rps",
    "--run-id",
    "--seed",
    "--spin",
    "--warm-up",
    "--worker",
)
"""What the sweep itself says, or what would make other runs of it."""


def locust_command(
    spec: SweepSpec, run: PlannedRun, folder: Path, host: str | None, calibration: Path
) -> list[str]:
    """Module and arguments.

    Args:
        spec: What is asked for; its own options of Locust come last and count.
        run: The load.
        folder: Of the run; its name is the run id.
        host: Where calls go; None for a worker that Locust starts itself.
        calibration: File that is used where it is there.
    """
    return [
        "locust",
        *ALWAYS,
        *_locustfile(spec.locust, Path.cwd()),
        *load_arguments(spec, run, folder),
        *([f"--host={host}"] if host else []),
        *([f"--calibration={calibration}"] if calibration.exists() else []),
        *spec.locust,
    ]


def check_options(given: Sequence[str]) -> None:
    """Refuse options that are the sweep's own.

    Raises:
        NotForGround: naming the first.
    """
    for option in given:
        if option.partition("=")[0] in OURS:
            raise NotForGround(f"locust has {option}: the sweep says that; valid: its own keys")


def _locustfile(given: Sequence[str], here: Path) -> list[str]:
    """The project's own, where neither the options nor the folder have one."""
    asked = any(one.partition("=")[0] in _LOCUSTFILES for one in given)
    if asked or "LOCUST_LOCUSTFILE" in os.environ or (here / "locustfile.py").exists():
        return []
    return ["-f", str(OUR_LOCUSTFILE if OUR_LOCUSTFILE.exists() else IN_PACKAGE)]
