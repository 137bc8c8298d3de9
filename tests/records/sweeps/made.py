"""A small sweep as tests need one."""

from dataclasses import replace

from records.sweeps.planned import Arm, Cell, PlannedRun, Sweep

CELL = Cell(20.0, "poisson", 0.1)


def made_run(index: int, cell: Cell = CELL, arm: str = "as-is", repetition: int = 1) -> PlannedRun:
    run_id = f"{cell.cell_id}-{arm}-r{repetition}"
    return PlannedRun(index, run_id, repetition, cell, arm, repetition, 7, 30.0, 5.0, 0.5, "run")


def made_sweep(runs: int = 2) -> Sweep:
    planned = [made_run(n, repetition=n + 1) for n in range(runs)]
    settings = {"containerConcurrency": 1, "annotations": {"autoscaling.knative.dev/target": "1"}}
    return Sweep(
        sweep_id="s",
        made_unix_s=1.5,
        seed=11,
        ground="simulated",
        spec={"rates_rps": [20.0], "cores": None},
        arms=(Arm("as-is", {}), Arm("one", settings)),
        runs=(*planned[:-1], replace(planned[-1], rho=None, overload="probe")),
        host={"cores": 2},
    )
