"""A trace sent by one process, by three, again from its record; and by the model."""

from functools import partial

import pytest

from shapes.plan import Plan
from tests.whole.harness import EXAMPLES, Together, run_locust
from tests.whole.web import forked_workers

TRACES = EXAMPLES / "traces"
PROFILE = (
    f"trace:{TRACES}/functions.csv,from=20m,for=10m,time=0.005,rate=0.08,"
    f"durations={TRACES}/durations.csv,spin-cap=45ms"
)
LINE = ("--rate-profile", PROFILE, "--seed", "11")


def run_and_again(records, address):
    line = ("--host", address)
    first = run_locust(records / "first", *LINE, *line, *forked_workers(3))
    return first, run_locust(records / "again", "--replay", str(first.folder), *line)


@pytest.fixture(scope="module")
def runs(folder, waiting_worker):
    address = waiting_worker.address
    alone = partial(run_locust, folder / "alone", *LINE, "--host", address)
    return Together({"alone": alone, "three": partial(run_and_again, folder, address)}, at_once=2)


def planned(ended):
    return [(row["k"], row["intended_s"], row["spin_s"]) for row in ended.rows if row["spin_s"]]


def times(ended):
    return [(row["k"], row["intended_s"]) for row in ended.rows]


def test_three_workers_send_the_arrivals_and_the_work_that_one_sends(runs):
    alone, (three, _) = runs["alone"], runs["three"]
    assert times(three) == times(alone)
    assert set(planned(three)) & set(planned(alone)) >= set(planned(three)[:50])
    assert three.counts()["planned"] > 80


def test_a_trace_is_replayed_from_its_record_without_its_file(runs):
    three, again = runs["three"]
    assert times(again) == times(three)
    assert Plan.from_dict(again.manifest.plans[-1]).trace is not None


def test_the_run_is_as_long_as_the_trace_and_each_call_works_as_its_function_does(runs):
    ended = runs["alone"]
    assert ended.summary["what"]["duration"] == "3s"
    spins = {row["spin_s"] for row in ended.rows if row["sent_s"] is not None}
    assert len(spins) > 5
    assert max(spins) == 0.045


def test_the_verdict_compares_gaps_with_those_of_the_trace(runs):
    law = runs["alone"].summary["law"]
    assert (law["law"], law["measure"]) == ("trace", "CV")
