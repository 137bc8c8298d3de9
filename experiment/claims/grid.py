"""The original's grid of cells on every system, simulated in this process.

No run folders: the grid is ten thousand runs of which ten values each are kept.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from experiment.claims.one_run import row_of
from experiment.claims.systems import COLD_START_S, WALL, System
from experiment.sweep.grid import plan_runs
from experiment.sweep.presets import SEED
from experiment.sweep.spec import SweepSpec, spec_from
from records.sweeps.planned import RUN, PlannedRun
from shapes.laws import parse_law
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from shapes.schedule import Schedule
from simulator.draws import draw_coins
from simulator.system.simulate import simulate
from simulator.system.world import Inputs

SWEEP_SEED = 1
_MEMBER = "model"
_EVERYTHING = 1 << 40


def spec_of(systems: Sequence[System], repetitions: int, **changes: Any) -> SweepSpec:
    """The original's grid with these systems as arms; `changes` by the keys of a sweep's file."""
    arms = [{"name": system.name} for system in systems]
    asked = {**SEED, "repetitions": repetitions, "arms": arms, "overload": RUN, **changes}
    return spec_from(asked, "claims")


def simulated_runs(systems: Sequence[System], spec: SweepSpec) -> pd.DataFrame:
    """One row for each run."""
    return pd.DataFrame(list(_rows({system.name: system for system in systems}, spec)))


def _rows(systems: dict[str, System], spec: SweepSpec) -> Iterator[dict[str, Any]]:
    # A load on the wall clock leaves the cores as they are: there is no share of them to speak of.
    cores = {
        name: None if system.kind == WALL else float(system.cores)
        for name, system in systems.items()
    }
    planned = sorted(plan_runs(spec, SWEEP_SEED, cores), key=_arrivals)
    for _, runs in groupby(planned, _arrivals):
        inputs = None
        for run in runs:
            inputs = inputs or _inputs(run)
            settings = systems[run.arm].settings(run.duration_s, spec.timeout_s)
            yield row_of(run, simulate(inputs, settings), spec.timeout_s)


def _arrivals(run: PlannedRun) -> tuple[Any, ...]:
    """What the arrivals of a run depend on: the same for all systems."""
    return (run.repetition, run.cell.cell_id)


def _inputs(run: PlannedRun) -> Inputs:
    due_s = Schedule(_plan(run)).arrivals(0, _EVERYTHING).intended_s
    return Inputs(
        due_s=due_s,  # type: ignore[arg-type]  # arrays are sequences to the simulator
        work_s=np.full(len(due_s), run.cell.spin_s),  # type: ignore[arg-type]
        coins=draw_coins(run.seed, len(due_s)),  # type: ignore[arg-type]
        cold_s=(COLD_START_S,),
    )


def _plan(run: PlannedRun) -> Plan:
    return Plan(
        run_id=run.run_id,
        version=0,
        seed=run.seed,
        law=parse_law(run.cell.law).text,
        epoch_s=0.0,
        rates=RateLog((RateSegment(0.0, run.cell.rate_rps),)),
        members=(MemberChange(0.0, (_MEMBER,)),),
        duration_s=run.duration_s,
    )
