"""Several worker processes send one arrival process."""

import subprocess
import sys
from functools import partial

import pytest

from tests.whole.harness import ROOT, Together, run_locust
from tests.whole.web import forked_workers

LAWS = ("uniform", "poisson")
COUNTS = (1, 2, 3, 7)
STARVED_SHARE = 0.05
"""What a machine that is busy with other things may keep its generators from sending in time."""
LINE = "--rate-profile ramp:0,60,3s --duration 5s --spin 10ms --seed 11"


def run_on(records, address, law, workers):
    how = (*forked_workers(workers), "--distribution", law, "--host", address)
    return run_locust(records, *LINE.split(), *how)


@pytest.fixture(scope="module")
def runs(folder, waiting_worker):
    cases = [(law, workers) for law in LAWS for workers in COUNTS]
    work = {
        case: partial(run_on, folder / f"{case[0]}-{case[1]}", waiting_worker.address, *case)
        for case in cases
    }
    return Together(work, at_once=1)  # seven processes are plenty for two cores


def arrivals(ended):
    return [(row["k"], row["intended_s"]) for row in ended.rows]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("workers", COUNTS[1:])
def test_any_number_of_workers_sends_the_arrivals_that_one_sends(runs, law, workers):
    assert arrivals(runs[law, workers]) == arrivals(runs[law, 1])


@pytest.mark.parametrize("case", [(law, workers) for law in LAWS for workers in COUNTS])
def test_nothing_is_sent_twice_and_nothing_is_missing(runs, case):
    counts = runs[case].counts()  # one row for each arrival, or it fails
    assert counts["planned"] > 150
    assert counts["ok"] == counts["sent"]
    assert counts["unsent"] <= STARVED_SHARE * counts["planned"], counts


def test_every_worker_sends_a_share(runs):
    members = {row["member"] for row in runs["poisson", 7].rows}
    assert len(members) == 7


def test_the_offsets_of_all_clocks_are_kept(runs):
    offsets = runs["poisson", 3].manifest.offsets
    assert len(offsets) == 3
    assert all(offset["error_s"] > 0 for offset in offsets.values())


def test_the_folder_alone_is_judged_as_the_run_was(runs):
    ended = runs["uniform", 3]
    judged = subprocess.run(
        [sys.executable, "-m", "verdict", str(ended.folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == ended.code
    assert f"planned {ended.counts()['planned']}" in judged.stdout
