"""The command as people give it, on the model and on this machine: short, and all of it real."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from experiment.__main__ import main
from records.manifest import read_manifest
from records.reader import open_run
from records.sweeps import open_sweep

ROOT = Path(__file__).parents[3]
LEAST = {"rates_rps": [4], "laws": ["poisson"], "duration": "2s"}
SMALL = {**LEAST, "repetitions": 1, "calibrate": False}


@pytest.fixture
def sweep_file(tmp_path):
    def write(**changes):
        path = tmp_path / "small.yaml"
        path.write_text(yaml.safe_dump({**SMALL, **changes}))
        return str(path)

    return write


def command(*arguments, cwd=ROOT):
    return subprocess.run(
        [sys.executable, "-m", "experiment", "sweep", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=100,
        check=False,
    )


def test_arms_on_the_model_meet_the_same_arrivals(sweep_file, tmp_path):
    arms = [{"name": "a"}, {"name": "b", "settings": {"containerConcurrency": 1}}]
    done = command(
        sweep_file(arms=arms), "--ground=simulated", f"--out={tmp_path / 'out'}", "--no-report"
    )
    assert done.returncode == 0, done.stderr
    assert "[2/2] (SIMULATED)" in done.stderr
    sweep = open_sweep(tmp_path / "out")
    folders = [sweep.run_folder(run.run_id) for run in sweep.sweep.runs]
    first, second = (open_run(folder).table(["intended_s"]) for folder in folders)
    assert first == second
    manifests = [read_manifest(folder) for folder in folders]
    assert all(manifest.simulated for manifest in manifests)
    limits = {manifest.knative["service"]["container_concurrency"] for manifest in manifests}
    assert limits == {0, 1}
    assert {manifest.seed for manifest in manifests} == {sweep.sweep.runs[0].seed}


def test_on_this_machine_each_run_has_fresh_workers_and_leaves_none(sweep_file, tmp_path):
    arms = [{"name": "two", "settings": {"processes": 2}}]
    cores = sorted(os.sched_getaffinity(0))
    pin = {"generator": cores[:1], "worker": cores[-1:]}
    done = command(sweep_file(arms=arms, pin=pin), f"--out={tmp_path / 'out'}", "--no-report")
    assert done.returncode == 0, done.stderr
    assert f"generator on core {cores[0]}, workers on core {cores[-1]}" in done.stderr
    sweep = open_sweep(tmp_path / "out")
    (run,) = sweep.sweep.runs
    table = open_run(sweep.run_folder(run.run_id)).table(["instance_id", "status"])
    assert set(table["status"].to_pylist()) == {"ok"}
    assert len(set(table["instance_id"].to_pylist())) == 2
    waited = next(entry for entry in sweep.entries if entry.event == "waited")
    assert waited.fields["for"] == "fresh workers to listen"
    begun = next(entry for entry in sweep.entries if entry.event == "run-started")
    assert all(not Path(f"/proc/{one['pid']}").exists() for one in begun.fields["workers"])


def test_a_target_that_is_gone_halts_the_sweep_in_one_line(sweep_file, tmp_path, capfd):
    spec = sweep_file(host="localhost:1", wait="300ms")
    assert main(["sweep", spec, "--out", str(tmp_path / "out")]) == 5
    assert capfd.readouterr().err.splitlines()[1:] == [
        "sweep: cannot go on: localhost:1 does not answer: Connection refused"
    ]
    assert open_sweep(tmp_path / "out").entries


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"spins": ["5 parsecs"]}, "spins[0] is '5 parsecs'; valid: a time"),
        ({"initial": "zero"}, "initial: there is none on the ground local; valid: leave it out"),
        ({"ground": "cluster"}, "no Service is named; valid: --ksvc NS/NAME"),
        ({"locust": ["--seed=3"]}, "locust has --seed=3: the sweep says that; valid: its own keys"),
        ({"host": "here:x"}, "host: "),
        ({"host": "a:1", "arms": [{"name": "b", "settings": {"processes": 2}}]}, "cannot be chang"),
        ({"arms": [{"name": "b", "settings": {"pods": 2}}]}, "arms b: settings.pods: workers have"),
        ({"pin": {"generator": [0], "worker": [999]}}, "pin has core 999; valid: "),
    ],
)
def test_bad_input_is_told_in_one_line_before_anything_is_done(
    changes, said, sweep_file, tmp_path, capfd
):
    asked = ["sweep", sweep_file(**changes), "--out", str(tmp_path / "out")]
    assert main(asked) == main([*asked, "--dry-run"]) == 2
    line, same = capfd.readouterr().err.splitlines()
    assert said in line == same
    assert not (tmp_path / "out").exists()


def test_the_seeds_plan_is_shown_without_doing_anything(tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", "seed", "--dry-run", "--seed", "1"]) == 0
    said = capfd.readouterr().out
    assert "200 cells x 1 arm x 1 repetition = 200 runs" in said
    assert "40h" in said
    assert list(tmp_path.iterdir()) == []
