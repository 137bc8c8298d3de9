"""Sweeps of a model, in the layout of a real one."""

import itertools
from dataclasses import dataclass, field, replace
from pathlib import Path

from records.summary_file import write_summary
from records.sweeps.ledger import FINISHED, RUN_FINISHED, RUN_STARTED, STARTED, Ledger
from records.sweeps.planned import Arm, Cell, PlannedRun, Sweep
from records.sweeps.sweep_file import write_sweep
from shapes.plan import MemberChange, Plan
from shapes.quantities import format_duration
from shapes.rate_log import RateLog, RateSegment
from simulator.asked import MEMBER, Asked
from simulator.folder import write_folder
from simulator.service import Service
from simulator.system.settings import SystemSettings
from simulator.system.simulate import simulate
from verdict.conclude import conclude_from_files
from verdict.stored_run import open_stored_run


@dataclass(frozen=True)
class Grid:
    """What a simulated sweep is of."""

    rates_rps: tuple[float, ...] = (5.0, 10.0, 15.0)
    spins_s: tuple[float, ...] = (0.1, 0.2)
    laws: tuple[str, ...] = ("uniform", "poisson")
    arms: dict[str, Service] = field(default_factory=lambda: {"as-is": Service()})
    repetitions: int = 2
    duration_s: float = 40.0
    warm_up_s: float = 10.0
    cores: float = 2.0
    is_scaled: bool = True
    checks: tuple[str, ...] = ()
    network_s: float = 0.002
    deadline_s: float = 10.0
    system: dict[str, object] = field(default_factory=dict)

    def cells(self):
        product = itertools.product(self.rates_rps, self.laws, self.spins_s)
        return [Cell(*values) for values in product]

    def sweep(self):
        product = itertools.product(range(1, self.repetitions + 1), self.arms, self.cells())
        runs = [self._run(index, *values) for index, values in enumerate(product)]
        arms = [Arm(name, service.as_manifest()["service"]) for name, service in self.arms.items()]
        spec = {"checks": list(self.checks), "cores": self.cores}
        return Sweep("sim", 1_700_000_000.0, 11, "simulated", spec, arms, runs, {"cores": 2})

    def _run(self, index, repetition, arm, cell):
        return PlannedRun(
            index=index,
            run_id=f"{cell.cell_id}-{arm}-r{repetition}",
            block=repetition,
            cell=cell,
            arm=arm,
            repetition=repetition,
            seed=int(cell.rate_rps * 1000 + cell.spin_s * 100_000) * 100 + repetition,
            duration_s=self.duration_s,
            warm_up_s=self.warm_up_s,
            rho=cell.rate_rps * cell.spin_s / self.cores,
            overload="run",
        )


def write_simulated_sweep(folder: Path, grid: Grid, runs: int | None = None) -> Path:
    """A sweep's folder; only the first `runs` are made where that is said."""
    folder.mkdir(parents=True)
    sweep = grid.sweep()
    write_sweep(folder, sweep)
    ledger = Ledger(folder)
    ledger.note(STARTED, pid=1)
    for run in sweep.runs[:runs]:
        ledger.note(RUN_STARTED, run.run_id, attempt=1)
        write_simulated_run(folder / "runs", run, grid)
        ledger.note(RUN_FINISHED, run.run_id, attempt=1, exit_code=0)
    if runs is None:
        ledger.note(FINISHED)
    ledger.close()
    return folder


def write_simulated_run(root: Path, run: PlannedRun, grid: Grid) -> Path:
    folder = root / run.run_id
    folder.mkdir(parents=True)
    asked = asked_of(run, grid)
    write_folder(folder, asked, simulate(asked.inputs(), asked.system), {}, 1_700_000_000.0)
    stored = open_stored_run(folder)
    write_summary(
        folder, conclude_from_files(stored.plan, stored.context, (), stored.files).summary
    )
    return folder


def asked_of(run: PlannedRun, grid: Grid) -> Asked:
    service = grid.arms[run.arm]
    plan = Plan(
        run_id=run.run_id,
        version=0,
        seed=run.seed,
        law=run.cell.law,
        epoch_s=0.0,
        rates=RateLog((RateSegment(0.0, run.cell.rate_rps),)),
        members=(MemberChange(0.0, (MEMBER,)),),
        duration_s=run.duration_s,
        warm_up_s=run.warm_up_s,
        request={
            "spin": format_duration(run.cell.spin_s),
            "grpc_timeout": format_duration(grid.deadline_s),
            "host": "a model",
        },
    )
    system = SystemSettings(
        concurrency=service.container_concurrency,
        scaler=service.scaler_settings(),
        cores=grid.cores,
        deadline_s=grid.deadline_s,
        is_scaled=grid.is_scaled,
        first_pods=max(service.min_scale, 1),
        is_proxied=service.target_burst_capacity != 0,
        duration_s=run.duration_s,
    )._replace(**grid.system)
    return Asked(plan, service, system, (2.0,), grid.network_s, run.cell.spin_s)


__all__ = ["Grid", "replace", "write_simulated_run", "write_simulated_sweep"]
