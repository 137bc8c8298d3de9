"""What Locust does that would spoil results, where it is not tested beside stops and losses."""

import json
from functools import partial
from pathlib import Path

import pytest

from tests.faults.harness import assert_books_balance, last_plan, web_cluster
from tests.whole.harness import Ended, Together, run_locust, wait_until
from tests.whole.web import forked_workers
from tests.whole.workers import slow_worker

AWKWARD = Path(__file__).with_name("awkward.py")
SLOW_TO_IMPORT = Path(__file__).with_name("slow_to_import.py")
RATE = 30


def forked(records: Path, address: str, line: str, **where) -> Ended:
    return run_locust(records, *forked_workers(2), "--host", address, *line.split(), **where)


def edited(records: Path, address: str) -> int:
    """How many requests Locust counts of a run that was edited under --reset-stats."""
    line = f"--host {address} --spin 5ms --reset-stats"
    with web_cluster(records, line, 2) as (session, _):
        form = {"user_count": RATE, "spawn_rate": RATE, "rps": "", "duration": ""}
        assert session.swarm(**form)["success"]
        session.wait_for_state("running")
        wait_until(lambda: session.stats()["stats"][-1]["num_requests"] > 2 * RATE)
        assert session.swarm(**{**form, "user_count": 2 * RATE, "spawn_rate": 2 * RATE})["success"]
        wait_until(lambda: session.stats()["user_count"] == 2 * RATE)
        session.stop()
        session.finished_runs(1)
        return session.stats()["stats"][-1]["num_requests"]


@pytest.fixture(scope="module")
def runs(folder):
    with slow_worker() as target:
        address = target.address
        short = f"--rps {RATE} --spin 5ms --duration 1s"
        json_file = folder / "stats"
        return Together(
            {
                "shorter than its preparation": partial(forked, folder / "short", address, short),
                "json file": partial(
                    forked, folder / "json", address, f"{short} --json-file {json_file}"
                ),
                "awkward": partial(forked, folder / "awkward", address, short, locustfile=AWKWARD),
                "edited": partial(edited, folder / "edited", address),
            },
            at_once=2,
        )


def test_a_run_shorter_than_its_preparation_is_run_to_its_end(runs):
    ended = runs["shorter than its preparation"]
    assert ended.counts()["ok"] == RATE
    assert f"planned {RATE} = sent {RATE}" in ended.out


def test_forked_workers_leave_the_json_file_to_the_master(runs, folder):
    (requests,) = json.loads((folder / "stats.json").read_text())
    assert requests["num_requests"] == runs["json file"].counts()["ok"]


def test_an_option_that_cannot_travel_ends_the_start_with_a_sentence(runs):
    ended = runs["awkward"]
    assert ended.code == 2
    assert "option scenario" in ended.err
    assert "Traceback" not in ended.err
    assert ended.folders == []


def test_a_run_lasts_as_asked_however_long_its_imports_took(folder):
    line = ("-u", "1", "-t", "1s", "--json")
    ended = run_locust(folder / "slow", *line, locustfile=SLOW_TO_IMPORT)
    (requests,) = json.loads(ended.out)
    assert requests["num_requests"] > 5


def test_an_edit_resets_no_statistics(runs, folder):
    (run,) = (folder / "edited").iterdir()
    assert last_plan(run).rates_edited_s > 0
    assert runs["edited"] == assert_books_balance(run)["ok"]
