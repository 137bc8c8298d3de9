"""A planned run in the words that the locustfile and the simulator share."""

from pathlib import Path

from experiment.sweep.spec import SweepSpec
from records.sweeps.planned import PlannedRun
from shapes.quantities import format_duration


def load_arguments(spec: SweepSpec, run: PlannedRun, folder: Path) -> list[str]:
    """Options for one run into a folder whose name is the run id."""
    return [
        _rate(run),
        f"--distribution={run.cell.law}",
        f"--spin={format_duration(run.cell.spin_s)}",
        f"--duration={format_duration(run.duration_s)}",
        f"--warm-up={format_duration(run.warm_up_s)}",
        f"--grpc-timeout={format_duration(spec.timeout_s)}",
        f"--seed={run.seed}",
        f"--run-id={folder.name}",
        f"--records={folder.parent}",
        *(f"--check={check}" for check in spec.checks),
    ]


def _rate(run: PlannedRun) -> str:
    if run.rate_profile:
        return f"--rate-profile={run.rate_profile}"
    return f"--rps={run.cell.rate_rps:.10g}"
