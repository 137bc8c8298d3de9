import json

import pytest

from records.sweeps import Arm, Cell, PlannedRun, Sweep
from records.sweeps.ledger import Ledger
from records.sweeps.sweep_file import write_sweep
from tests.analysis.fakes import Target, make_plan, simulate, write_run

SLOW = Target(network_s=0.012)


@pytest.fixture
def a_sweep(tmp_path):
    """Writes the folder of a finished sweep: arms by name, each with its target."""

    def make(name="sweep", arms=None, rates_rps=(20.0,), repetitions=5, left_out=(), **plan):
        arms = arms or {"old": Target(), "new": SLOW}
        folder = tmp_path / name
        (folder / "runs").mkdir(parents=True)
        runs = list(_planned(arms, rates_rps, repetitions))
        sweep = Sweep(name, 0.0, 1, "local", {}, [Arm(arm, {}) for arm in arms], runs, {})
        write_sweep(folder, sweep)
        ledger = Ledger(folder)
        for run in runs:
            if run.run_id in left_out:
                continue
            own = {"warm_up_s": 10.0, "duration_s": 40.0, **plan}
            asked = make_plan(run.run_id, rate_rps=run.cell.rate_rps, seed=run.seed, **own)
            write_run(folder / "runs", asked, simulate(asked, arms[run.arm]))
            ledger.note("run-started", run.run_id, attempt=1)
            ledger.note("run-finished", run.run_id, attempt=1, exit_code=0, level="VALID")
        ledger.close()
        return folder

    return make


def _planned(arms, rates_rps, repetitions):
    cases = [
        (r, rate, arm) for r in range(1, repetitions + 1) for rate in rates_rps for arm in arms
    ]
    for index, (repetition, rate_rps, arm) in enumerate(cases):
        cell = Cell(rate_rps, "poisson", 0.1)
        run_id = f"{cell.cell_id}-{arm}-r{repetition}"
        seed = 1000 * repetition + int(rate_rps)
        yield PlannedRun(
            index, run_id, repetition, cell, arm, repetition, seed, 40.0, 10.0, 0.3, "run"
        )


@pytest.fixture
def edited():
    """Changes a run's manifest or summary as another tool might have written it."""

    def edit(path, change):
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))

    return edit
