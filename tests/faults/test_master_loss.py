"""The master is killed: members end by themselves, soon, and keep what they have."""

import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from records.reader import open_run
from tests.faults.harness import cluster, every_row, plan_time_s, sent, unsent, wait_for_plan_time
from tests.whole.harness import wait_until
from tests.whole.workers import slow_worker

LINE = "--rps 60 --distribution poisson --seed 3 --spin 20ms --duration 1m"
FAULT_AT_S = 2.5
LEASE_S = 1.5
MEMBERS_WAIT_S = 10.0


@dataclass
class Orphaned:
    """A run whose master was killed.

    Attributes:
        at_s: When, seconds from the epoch.
        ended_after_s: How much later the last worker process ended.
        codes: Their exit codes.
        left: Command lines of processes that work in the run folder still.
    """

    folder: Path
    at_s: float
    ended_after_s: float
    codes: list[int]
    seen: int
    left: str


@pytest.fixture(scope="module")
def orphaned(folder) -> Orphaned:
    with slow_worker() as target:
        with cluster(folder / "killed", f"{LINE} --host {target.address}", 2) as these:
            run = these.wait_for_run()
            wait_for_plan_time(run, FAULT_AT_S)
            these.master.send(signal.SIGKILL)
            at_s, killed_s = plan_time_s(run), time.monotonic()
            codes = [worker.end().code for worker in these.workers]
            ended_after_s = time.monotonic() - killed_s
            wait_until(lambda: not processes_of(run))
        return Orphaned(run, at_s, ended_after_s, codes, target.seen(), processes_of(run))


def processes_of(folder: Path) -> str:
    line = ["pgrep", "-af", str(folder)]
    return subprocess.run(line, capture_output=True, text=True, check=False).stdout


def test_the_members_end_with_a_code_of_failure_and_leave_no_process(orphaned):
    assert orphaned.codes == [3, 3]
    assert orphaned.left == ""


def test_they_end_soon_after_they_have_waited_for_the_master(orphaned):
    assert MEMBERS_WAIT_S - 1.0 < orphaned.ended_after_s < MEMBERS_WAIT_S + 10.0


def test_nothing_is_sent_beyond_the_lease(orphaned):
    last_s = max(row["intended_s"] for row in sent(every_row(orphaned.folder)))
    assert last_s < orphaned.at_s + LEASE_S + 0.1


def test_what_was_due_beyond_it_is_unsent_for_want_of_a_master(orphaned):
    rows = every_row(orphaned.folder)
    assert set(unsent(rows)) == {"no-master"}
    assert len(unsent(rows)["no-master"]) > 60 * (MEMBERS_WAIT_S - LEASE_S) * 0.5


def test_all_that_was_sent_is_in_the_files(orphaned):
    run = open_run(orphaned.folder)
    assert run.missing_rows == []
    counts = run.counts()
    assert counts["duplicates"] == 0
    assert counts["ok"] == counts["sent"] == orphaned.seen


def test_the_folder_says_that_the_run_has_not_finished(orphaned):
    run = open_run(orphaned.folder)
    assert run.manifest.finished is False
    assert any("summary.json" in sentence for sentence in run.missing)
