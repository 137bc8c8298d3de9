"""What the record says when the generator itself is stopped or killed."""

import os
import signal
import subprocess
import sys
import time

import pytest

from records.reader import open_run
from tests.whole.harness import ROOT, headless

RATE = 50
AWAY_S = 3.0


@pytest.fixture(scope="module")
def frozen(folder, waiting_worker):
    """The generator stands still for three seconds in the middle of a run."""
    line = f"--host {waiting_worker.address} --rps {RATE} --duration 6s --spin 400ms"
    running = headless(folder / "frozen", *line.split())
    running.wait_for_folder()
    time.sleep(1.5)
    running.send(signal.SIGSTOP)
    time.sleep(AWAY_S)
    running.send(signal.SIGCONT)
    return running.end()


def test_arrivals_that_fell_due_meanwhile_are_unsent_with_a_reason(frozen):
    unsent = [row for row in frozen.rows if row["status"] == "unsent"]
    # What is late by less than a second is still sent, and shows as lag.
    assert len(unsent) == pytest.approx(RATE * (AWAY_S - 1), rel=0.15)
    assert {row["failure_class"] for row in unsent} == {"late"}
    assert frozen.counts()["planned"] == RATE * 6


def test_no_burst_makes_up_for_the_pause(frozen):
    sent_s = sorted(row["sent_s"] for row in frozen.rows if row["sent_s"] is not None)
    lags_s = [row["sent_s"] - row["intended_s"] for row in frozen.rows if row["sent_s"] is not None]
    assert max(lags_s) < 1.2
    assert len(sent_s) <= RATE * (6 - AWAY_S + 1) * 1.1


def test_a_run_with_a_pause_is_not_called_valid(frozen):
    assert frozen.summary["verdict"]["level"] != "VALID"
    assert frozen.code == 3


@pytest.fixture(scope="module")
def killed(folder, waiting_worker):
    """kill -9 of the generator three seconds into a run; its writer outlives it."""
    line = f"--host {waiting_worker.address} --rps {RATE} --duration 1m --spin 100ms --run-id gone"
    running = headless(folder / "killed", *line.split())
    run_folder = running.wait_for_folder()
    time.sleep(3)
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.communicate(timeout=30)
    time.sleep(1)
    return run_folder


def test_what_a_killed_generator_had_handed_over_is_in_the_files(killed):
    run = open_run(killed)
    assert run.rows > RATE
    assert all(row["status"] == "ok" for row in run.table().to_pylist())
    assert run.counts()["duplicates"] == 0


def test_the_reader_says_what_a_killed_run_lacks(killed):
    missing = " ".join(open_run(killed).missing)
    assert "summary" in missing
    assert open_run(killed).manifest.finished is False


def test_the_verdict_of_a_killed_run_is_made_from_its_files_and_names_what_is_missing(killed):
    judged = subprocess.run(
        [sys.executable, "-m", "verdict", str(killed)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 3, judged.stdout + judged.stderr
    assert "DO NOT USE" in judged.stdout
    assert "missing" in judged.stdout
    assert "p99 " not in judged.stdout.splitlines()[0]
