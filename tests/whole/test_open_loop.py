"""The load does not wait for the target, whatever the target does."""

import time
from functools import partial

import pytest

from tests.whole.harness import Together, headless, run_locust
from tests.whole.workers import slow_worker, spin_worker

RATE = 50
FROZEN_S = 10.0
CATCHING_UP_S = 3.0


def slowing(records):
    """20 ms a call, and 2 s from half time on."""
    with slow_worker("--delay-s", "0.02", "--later-s", "2", "--after-s", "2.5") as worker:
        line = f"--host {worker.address} --rps {RATE} --duration 5s --spin 2s"
        return run_locust(records, *line.split())


def frozen(records, *more):
    """A spin worker that stands still for ten seconds in the middle of a run."""
    with spin_worker() as worker:
        line = f"--host {worker.address} --rps {RATE} --duration 12s --spin 0s"
        running = headless(records, *line.split(), *more)
        running.wait_for_folder()
        time.sleep(1.0)
        worker.freeze()
        time.sleep(FROZEN_S)
        worker.thaw()
        return running.end()


def drained(records):
    """Calls of 10 s at the end of a run that waits 1 s for them, after 20 quick ones."""
    with slow_worker("--delay-s", "0.01", "--later-s", "10", "--after-s", "1") as worker:
        line = f"--host {worker.address} --rps 20 --duration 2s --drain-timeout 1s --spin 400ms"
        ended = run_locust(records, *line.split())
        return ended, worker.seen()


def crowded(records):
    """Calls of 5 s, and room for ten of them."""
    with slow_worker() as worker:
        line = f"--host {worker.address} --rps 40 --duration 1s --spin 5s --max-in-flight 10"
        return run_locust(records, *line.split(), "--drain-timeout", "100ms")


@pytest.fixture(scope="module")
def runs(folder):
    return Together(
        {
            "slowing": partial(slowing, folder / "slowing"),
            "frozen": partial(frozen, folder / "frozen"),
            "drained": partial(drained, folder / "drained"),
            "crowded": partial(crowded, folder / "crowded"),
        }
    )


def test_a_target_that_slows_is_sent_the_same_rate(runs):
    sent_s = [row["sent_s"] for row in runs["slowing"].rows]
    assert len(sent_s) == RATE * 5
    for first_s in range(5):
        in_second = [t for t in sent_s if first_s <= t < first_s + 1]
        assert len(in_second) == pytest.approx(RATE, rel=0.01, abs=1)


def test_calls_pile_up_at_a_target_that_slows_and_all_are_recorded(runs):
    rows = runs["slowing"].rows
    at_the_end = [r for r in rows if r["sent_s"] < 4.5 < r["received_s"]]
    assert len(at_the_end) == pytest.approx(2 * RATE, rel=0.1)
    assert runs["slowing"].counts()["ok"] == len(rows)


def end_of_freeze(rows) -> float:
    """When the first call that had waited long was answered."""
    return min(r["received_s"] for r in rows if r["received_s"] - r["intended_s"] > 1)


def test_every_call_that_was_due_in_a_freeze_waits_for_its_end(runs):
    rows = runs["frozen"].rows
    end_s = end_of_freeze(rows)
    due = [r for r in rows if end_s - FROZEN_S * 0.95 < r["intended_s"] < end_s]
    assert len(due) == pytest.approx(RATE * FROZEN_S * 0.95, abs=2)
    assert all(end_s <= r["received_s"] < end_s + CATCHING_UP_S for r in due)


def test_the_latencies_of_a_freeze_are_spread_from_nothing_to_its_length(runs):
    """Who asks in the middle of it waits half of it: as many in each second."""
    rows = runs["frozen"].rows
    waits_s = [end_of_freeze(rows) - r["intended_s"] for r in rows]
    assert max(r["received_s"] - r["intended_s"] for r in rows) > FROZEN_S * 0.95
    for second in range(1, 9):
        inside = [t for t in waits_s if second <= t < second + 1]
        assert len(inside) == pytest.approx(RATE, abs=1)


def test_a_freeze_loses_no_call(runs):
    assert runs["frozen"].counts()["ok"] == RATE * 12


def test_a_freeze_of_the_target_delays_no_sending(runs):
    rows = runs["frozen"].rows
    assert len(rows) == RATE * 12
    assert sorted(r["sent_s"] - r["intended_s"] for r in rows)[-RATE] < 0.1


def test_calls_in_flight_at_the_end_of_the_drain_are_unfinished(runs):
    ended, _ = runs["drained"]
    counts = ended.counts()
    assert counts["unfinished"] == pytest.approx(20, abs=2)
    assert counts["ok"] == counts["sent"] - counts["unfinished"]
    cut_off = [r for r in ended.rows if r["status"] == "unfinished"]
    assert {r["received_s"] for r in cut_off} == {None}


def test_the_target_saw_as_many_calls_as_the_record_says_were_sent(runs):
    ended, seen = runs["drained"]
    assert ended.counts()["sent"] == seen == 40


def test_more_in_flight_than_allowed_is_unsent_and_not_late(runs):
    unsent = [r for r in runs["crowded"].rows if r["status"] == "unsent"]
    assert len(unsent) == 30
    assert {r["failure_class"] for r in unsent} == {"max-in-flight"}
    assert runs["crowded"].code == 3
