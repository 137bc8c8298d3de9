"""A sweep as it is planned: cells, arms, and the runs in the order of their execution."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SWEEP_VERSION = 1
GROUNDS = ("local", "cluster", "simulated")
RUN, PROBE, SKIP = "run", "probe", "skip"
OVERLOAD_RULES = (RUN, PROBE, SKIP)


@dataclass(frozen=True)
class Cell:
    """One setting of the load.

    Attributes:
        rate_rps: Offered rate.
        law: Of the arrivals, as "poisson", "bursty:3".
        spin_s: CPU time that each call needs.
    """

    rate_rps: float
    law: str
    spin_s: float

    @property
    def cell_id(self) -> str:
        """As "poisson-20rps-100ms"; fit for file names."""
        law = self.law.replace(":", "-")
        return f"{law}-{self.rate_rps:.10g}rps-{self.spin_s * 1000:.10g}ms"


@dataclass(frozen=True)
class Arm:
    """One setting of what is under load.

    Attributes:
        name: Fit for file names.
        settings: What is changed for it; empty for what is there as it is.
    """

    name: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class PlannedRun:
    """One run of a sweep.

    Attributes:
        index: Its place in the order of execution, from 0.
        run_id: `{cell_id}-{arm}-r{repetition}`; unique in the sweep.
        block: The complete block that it belongs to: its repetition.
        cell: The load.
        arm: Name of the arm.
        repetition: From 1.
        seed: Of the arrivals; the same for all arms and laws of one rate, spin and repetition.
        duration_s: Of the arrivals.
        warm_up_s: Left out of the results at its begin.
        rho: Offered load over the cores; None where these are not known.
        overload: What is done with it: "run"; "probe" (short) or "skip" where it is an overload.
        rate_profile: The rate over time where it is not constant, as the locustfile takes it.
    """

    index: int
    run_id: str
    block: int
    cell: Cell
    arm: str
    repetition: int
    seed: int
    duration_s: float
    warm_up_s: float
    rho: float | None
    overload: str
    rate_profile: str = ""


@dataclass(frozen=True)
class Sweep:
    """All of a sweep that is fixed before its first run.

    Attributes:
        sweep_id: Its name.
        made_unix_s: When it was planned, seconds since 1970.
        seed: All seeds of its runs and their order follow from it.
        ground: What the runs are on, one of GROUNDS.
        spec: What was asked for, all defaults filled in; plain values.
        arms: In the order of the spec.
        runs: In the order of execution.
        host: Facts of the machine that made it.
        schema_version: Of this content.
    """

    sweep_id: str
    made_unix_s: float
    seed: int
    ground: str
    spec: Mapping[str, Any]
    arms: Sequence[Arm]
    runs: Sequence[PlannedRun]
    host: Mapping[str, Any]
    schema_version: int = SWEEP_VERSION

    @property
    def is_simulated(self) -> bool:
        """Whether its runs are of a model, not of a machine."""
        return self.ground == "simulated"

    def arm(self, name: str) -> Arm:
        """The arm of that name.

        Raises:
            KeyError: when there is none.
        """
        return {arm.name: arm for arm in self.arms}[name]

    def run(self, run_id: str) -> PlannedRun:
        """The run of that name.

        Raises:
            KeyError: when there is none.
        """
        return {run.run_id: run for run in self.runs}[run_id]
