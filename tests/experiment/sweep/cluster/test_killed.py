"""A sweep with arms that is killed with SIGKILL again and again, and given the same command."""

import copy
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from records.sweeps import open_sweep
from records.sweeps.ledger import read_ledger
from tests.experiment.fake_api import write_kubeconfig
from tests.experiment.sweep.cluster.fake_knative import NAME, SERVICES, put_service
from tests.waiting import wait_for

SPEC = """\
rates_rps: [5]
laws: [uniform]
spins: [20ms]
duration: 2s
calibrate: false
repetitions: 1
cores: 1
arms:
  - {name: wide, settings: {containerConcurrency: 10}}
  - {name: slow, settings: {timeoutSeconds: 30}}
"""
KILLED_AFTER = ("run-started", "run-finished", "arm-applied")
PROJECT = Path(__file__).parents[4]
pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def knative(api):
    return put_service(api, patchable="true")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "arms.yaml").write_text(SPEC)
    return tmp_path / "sweep"


@pytest.fixture(scope="module")
def done_before(tmp_path_factory):
    """A run of the simulator."""
    results = tmp_path_factory.mktemp("results")
    load = ["--rps=5", "--spin=20ms", "--duration=2s", "--seed=1", "--run-id=done"]
    program = [sys.executable, "-m", "simulator", "run", *load, f"--records={results}"]
    subprocess.run(program, cwd=PROJECT, check=True, capture_output=True)
    return results / "done"


@pytest.fixture
def started(api, tmp_path, folder, done_before):
    """The same command each time."""
    kubeconfig = write_kubeconfig(tmp_path, api)
    said = tmp_path / "said"

    def start():
        fakes = "tests.experiment.sweep.cluster.sweep_on_fakes"
        program = [sys.executable, "-m", fakes, str(done_before), "sweep"]
        asked = [str(tmp_path / "arms.yaml"), "--ksvc", "shop/quote", "--out", str(folder)]
        with said.open("a") as words:
            return subprocess.Popen(
                [*program, *asked, "--kubeconfig", kubeconfig],
                cwd=PROJECT,
                stdout=words,
                stderr=subprocess.STDOUT,
            )

    return start


def events(folder):
    return [entry.event for entry in read_ledger(folder)]


def settings(knative):
    """Of the template, Knative's own default aside."""
    spec = copy.deepcopy(knative.spec)
    spec["template"]["spec"].pop("enableServiceLinks", None)
    return spec


def kill_after(folder, process, event):
    """Once the ledger has one more of such lines."""
    count = events(folder).count(event)

    def is_there():
        return events(folder).count(event) > count or process.poll() is not None

    wait_for(event, is_there, within_s=60, every_s=0.02)
    assert process.poll() is None, (folder.parent / "said").read_text()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_a_sweep_that_is_killed_again_and_again_ends_with_all_runs_and_the_service_as_it_was(
    knative, folder, started
):
    original, was_patched = settings(knative), 0
    for event in KILLED_AFTER:
        kill_after(folder, started(), event)
        was_patched += settings(knative) != original
    assert started().wait(90) == 0, (folder.parent / "said").read_text()
    assert was_patched
    assert settings(knative) == original
    found = open_sweep(folder)
    ends = [entry.run_id for entry in found.entries if entry.event == "run-finished"]
    assert sorted(ends) == sorted(run.run_id for run in found.sweep.runs)
    assert all(found.run_folder(run.run_id).is_dir() for run in found.sweep.runs)
    arms = [entry.event for entry in found.entries if entry.event.startswith("arm-")]
    assert arms[-1] == "arm-restored"


def test_a_killed_sweep_leaves_alone_what_somebody_has_changed_since(knative, folder, started):
    kill_after(folder, started(), "run-started")
    knative.edit(timeoutSeconds=45)
    spec = copy.deepcopy(knative.spec)
    assert started().wait(60) == 5
    assert knative.spec == spec
    said = (folder.parent / "said").read_text().splitlines()
    assert (
        sum("cannot go on: shop/quote was changed by somebody else" in line for line in said) == 1
    )


def test_a_sweep_whose_service_goes_away_ends_in_one_line(api, knative, folder, started):
    process = started()
    wait_for("a run", lambda: "run-started" in events(folder), within_s=60, every_s=0.02)
    api.remove(SERVICES, NAME)
    assert process.wait(60) == 5
    said = (folder.parent / "said").read_text()
    assert "cannot go on: there is no Knative Service shop/quote" in said
