import random
import sys
import time
from collections import Counter
from multiprocessing import get_context

from experiment.sweep.carrying.process_table import started_of
from records.sweeps import open_sweep
from records.sweeps.ledger import RUN_FINISHED, RUN_STARTED
from tests.experiment.sweep.light_sweep import conduct, light_spec
from tests.waiting import wait_for

KILLS = 20
SPEC = {
    "rates_rps": {"from": 1, "to": 16, "step": 1},
    "repetitions": 2,
    "model": {"seconds": 0.1, "lingers_s": 0.2},
}


def started(folder):
    """A process that conducts the sweep; forked, for it is begun so often."""
    process = get_context("fork").Process(target=conducted, args=(folder,))
    process.start()
    return process


def conducted(folder):
    sys.exit(conduct(folder, light_spec(**SPEC)))


def test_a_sweep_killed_at_20_random_moments_does_every_run_once_and_never_two_at_once(tmp_path):
    moments = random.Random(4)
    for _ in range(KILLS):
        process = started(tmp_path / "sweep")
        time.sleep(moments.uniform(0.0, 0.6))
        process.kill()
        process.join()
    process = started(tmp_path / "sweep")
    process.join(100)
    assert process.exitcode == 0

    sweep = open_sweep(tmp_path / "sweep")
    finished = Counter(entry.run_id for entry in sweep.entries if entry.event == RUN_FINISHED)
    assert finished == Counter(run.run_id for run in sweep.sweep.runs)
    assert all((sweep.run_folder(run_id) / "summary.json").exists() for run_id in finished)
    assert not (tmp_path / "two-at-once").exists()
    begun = [entry for entry in sweep.entries if entry.event == RUN_STARTED]
    assert all(started_of(entry.fields["pid"]) != entry.fields["pid_started"] for entry in begun)
    assert len(begun) > len(finished), "no kill came while a run was under way"


def test_a_run_that_outlives_its_killed_sweep_is_ended_before_the_next_begins(
    tmp_path, light_process
):
    model = {"seconds": 60.0, "lingers_s": 3.0}
    spec = {"rates_rps": [1], "repetitions": 1, "model": model}
    run_id = "poisson-1rps-100ms-as-is-r1"
    with light_process(spec) as process:
        wait_for("the run", (tmp_path / "sweep/runs" / run_id).exists, 30, every_s=0.02)
        process.kill()
    began = open_sweep(tmp_path / "sweep").standings[run_id].under_way.fields
    assert started_of(began["pid"]) == began["pid_started"], "it lingers"
    with light_process(spec) as process:
        again = tmp_path / "sweep/runs" / f"{run_id}.2"
        wait_for("the second attempt", again.exists, 30, every_s=0.02)
        assert started_of(began["pid"]) != began["pid_started"]
        events = [entry.event for entry in open_sweep(tmp_path / "sweep").entries]
        assert events[-4:] == ["resumed", "run-interrupted", "waited", "run-started"]
        process.kill()
    assert not (tmp_path / "two-at-once").exists()
