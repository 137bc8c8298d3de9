"""One run of a sweep as `python -m experiment run` does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiment.sweep.cluster.pods_of_run import name_in_cluster
from experiment.sweep.load_arguments import load_arguments
from experiment.sweep.spec import SweepSpec
from records.sweeps.on_disk import CALIBRATION_NAME
from records.sweeps.planned import PlannedRun

BESIDE_LOAD_S = 900.0
"""For all but the load itself: pods that start, calls under way, records, report."""


@dataclass(frozen=True)
class RunCommand:
    """What the runs of a sweep have in common.

    Attributes:
        spec: What is asked for.
        sweep: What tells this sweep from others whose runs have the same names.
        ksvc: The Service, as NAMESPACE/NAME.
        pods_namespace: Where pods send from; None where this machine does.
        given: Further arguments: which cluster, which pods.
    """

    spec: SweepSpec
    sweep: str
    ksvc: str
    pods_namespace: str | None = None
    given: tuple[str, ...] = ()

    def name(self, folder: Path) -> str:
        """The run's own name: that of its folder, or the one that it has in the cluster."""
        return name_in_cluster(self.sweep, folder.name) if self.pods_namespace else folder.name

    def arguments(self, run: PlannedRun, folder: Path) -> list[str]:
        """The module and its arguments, for a run into a folder."""
        made_in = folder.with_name(self.name(folder))
        return [
            *("experiment", "run", "--ksvc", self.ksvc, "--no-doctor", "--no-report"),
            *self.given,
            "--",
            *load_arguments(self.spec, run, made_in),
            *_calibration(folder.parents[1] / CALIBRATION_NAME),
            *further_arguments(self.spec),
        ]

    def within_s(self, run: PlannedRun) -> float:
        """How long it may take in all, seconds."""
        return run.duration_s + self.spec.timeout_s + BESIDE_LOAD_S


def _calibration(file: Path) -> list[str]:
    return [f"--calibration={file}"] if file.exists() else []


def further_arguments(spec: SweepSpec) -> Sequence[str]:
    """Options of Locust that all runs of a sweep have."""
    host = [] if spec.host is None else [f"--host={spec.host}"]
    return [*host, *spec.locust]
