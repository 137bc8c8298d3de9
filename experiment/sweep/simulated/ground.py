"""Runs on a model of a Knative Service: seconds each, for trying out all that follows a run."""

import argparse
import math
from pathlib import Path

from experiment.sweep.carrying.carried import Carried, carry, end_orphan
from experiment.sweep.ground import Begun, Note, NotForGround, given_keys
from experiment.sweep.load_arguments import load_arguments
from experiment.sweep.logs import log_of
from experiment.sweep.simulated.settings import arm_arguments, model_arguments
from experiment.sweep.spec import SweepSpec
from records.sweeps.ledger import LedgerEntry
from records.sweeps.planned import Arm, PlannedRun
from simulator.values import cores as parse_cores

WITHIN_S = 3600.0
MOST_PLAIN_CALLS = 20_000
"""So many are simulated sooner in plain Python than the compiled engine is loaded."""
PLAIN = {"NUMBA_DISABLE_JIT": "1"}
_LEFT_ASIDE = ("host", "in_cluster", "ksvc", "locust", "pin", "settle", "wait")
_NEW_REVISION = "new-revision"


class SimulatedGround:
    """Each run a simulation in a process of its own.

    Args:
        spec: What is asked for.
        folder: Of the sweep.

    Raises:
        NotForGround: for what the model has not.
    """

    def __init__(self, spec: SweepSpec, folder: Path) -> None:
        self._spec = spec
        self._folder = folder
        self._carried: Carried | None = None
        self._of_arm = {arm.name: arguments_of(spec, arm) for arm in spec.planned_arms()}

    def prepare(self, run: PlannedRun, arm: Arm, note: Note) -> None:
        """Nothing: a model begins as it is told to."""

    def run(self, run: PlannedRun, folder: Path, begun: Begun) -> int:
        """See `Ground`."""
        load = load_arguments(self._spec, run, folder)
        command = ["simulator", "run", *load, *self._of_arm[run.arm]]
        engine = {} if run.cell.rate_rps * run.duration_s > MOST_PLAIN_CALLS else PLAIN
        self._carried = Carried(command, log_of(self._folder, folder.name), environment=engine)
        try:
            return carry(self._carried, begun, WITHIN_S)
        finally:
            self._carried = None

    def stop(self, number: int) -> None:
        """See `Ground`."""
        if self._carried is not None:
            self._carried.stop(number)

    def stop_orphan(self, started: LedgerEntry) -> None:
        """See `Ground`."""
        end_orphan(started.fields)

    def restore(self, note: Note) -> None:
        """Nothing: nothing was changed."""


def arguments_of(spec: SweepSpec, arm: Arm) -> list[str]:
    """Options of the simulator for an arm; where several say the same, the last counts.

    Raises:
        NotForGround: for what the model has not.
    """
    cores = [] if spec.cores is None else [f"--cores={spec.cores:g}"]
    return [
        *cores,
        *_initial(spec),
        *model_arguments(spec.model, "model"),
        *arm_arguments(arm.settings, f"arms {arm.name}: settings"),
    ]


def cores_of(spec: SweepSpec, arm: Arm) -> float | None:
    """The cores that an arm has; None for as many as it asks for."""
    given = [one for one in arguments_of(spec, arm) if one.startswith("--cores=")]
    cores = parse_cores(given[-1].partition("=")[2]) if given else math.inf
    return cores if math.isfinite(cores) else None


def add_options(parser: argparse.ArgumentParser) -> None:
    """None of its own."""


def calibrated_by(_spec: SweepSpec, _options: argparse.Namespace) -> None:
    """A model's call takes alone what it asks for."""


def make_ground(spec: SweepSpec, folder: Path, _options: argparse.Namespace) -> SimulatedGround:
    """The ground for a sweep."""
    return SimulatedGround(spec, folder)


def describe(spec: SweepSpec) -> str:
    """What the runs are on, and what of the sweep means nothing to a model."""
    aside = given_keys(spec, _LEFT_ASIDE)
    without = f" (without {', '.join(aside)})" if aside else ""
    return f"a model of a Knative Service{without}: SIMULATED, no machine is under load"


def _initial(spec: SweepSpec) -> list[str]:
    if spec.initial is None:
        return []
    if spec.initial == _NEW_REVISION:
        raise NotForGround(
            f"initial is {spec.initial}: the model has no revisions; valid: zero, N ready"
        )
    return [f"--pods={0 if spec.initial == 'zero' else spec.initial.partition(' ')[0]}"]
