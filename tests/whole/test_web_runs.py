"""Runs started by the web page's HTTP interface: the same plans as from the command line."""

import time

import pytest

from records.manifest import read_manifest
from records.summary_file import read_summary
from shapes.plan import Plan
from tests.whole.harness import SHAPES_OF_OTHERS, Together, counts_of, rows_of, wait_until
from tests.whole.web import web_session

NOTHING_OF_OURS = dict.fromkeys(
    ("rps", "duration", "distribution", "rate_profile", "shape", "seed", "warm_up"), ""
)
"""The page always sends every field, and Locust keeps the last run's where one is missing."""
RATE = {**NOTHING_OF_OURS, "user_count": 20, "spawn_rate": 20, "spin": "20ms"}
RUN = {**RATE, "run_time": "1s"}
RAMP = {
    **RUN,
    "user_count": 50,
    "spawn_rate": 50,
    "run_time": "2s",
    "rate_profile": "ramp:0,50,1s",
}


@pytest.fixture(scope="module")
def session(folder, waiting_worker):
    host = ("--host", waiting_worker.address, "--spin", "20ms")
    with web_session(folder / "session", *host) as session:
        yield session


def run_once(session, **form):
    """One run to its end; its folder."""
    before = set(session.folders)
    answer = session.swarm(**form)
    assert answer["success"], answer
    (new,) = set(session.finished_runs(len(before) + 1)) - before
    return new


def test_the_form_without_options_of_ours_runs_users_as_the_rate(session):
    rows = rows_of(run_once(session, **RUN))
    assert [row["intended_s"] for row in rows] == pytest.approx([k / 20 for k in range(20)])


def test_the_forms_options_are_taken_and_recorded(session):
    form = {**RUN, "distribution": "poisson", "seed": "5", "spin": "30ms", "warm_up": "500ms"}
    run = run_once(session, **form)
    manifest = read_manifest(run)
    assert manifest.seed == 5
    assert manifest.plans[-1]["law"] == "poisson"
    assert {row["spin_s"] for row in rows_of(run)} == {0.03}
    assert manifest.options["warm_up"] == "500ms"


def test_a_rate_profile_of_the_form_rules_the_rate(session):
    rows = rows_of(run_once(session, **RAMP))
    assert len(rows) == 75
    for row in rows:
        t = row["intended_s"]
        assert row["k"] == pytest.approx(25 * t**2 if t < 1 else 25 + 50 * (t - 1), abs=1e-6)


def test_an_edit_while_running_changes_the_rate_and_nothing_that_was_sent(session):
    before = set(session.folders)
    assert session.swarm(**RATE)["success"]
    session.wait_for_state("running")
    time.sleep(1.5)
    assert session.swarm(user_count=40, spawn_rate=40)["success"]
    time.sleep(2.0)
    session.stop()
    (run,) = set(session.finished_runs(len(before) + 1)) - before
    plan = Plan.from_dict(read_manifest(run).plans[-1])
    assert [segment.rate_rps for segment in plan.rates.segments] == [20, 40]
    assert [plan.rates.integral(row["intended_s"]) for row in rows_of(run)] == pytest.approx(
        [row["k"] for row in rows_of(run)], abs=1e-6
    )
    assert max(row["intended_s"] for row in rows_of(run)) > plan.rates.segments[1].start_s


@pytest.mark.parametrize(
    ("form", "word"),
    [
        pytest.param({"rps": "ten"}, "'ten'", id="rate-in-words"),
        pytest.param({"rps": "0"}, "'0'", id="zero-rate"),
        pytest.param({"distribution": "pareto"}, "pareto", id="unknown-law"),
        pytest.param({"spin": "-1s"}, "'-1s'", id="negative-spin"),
        pytest.param({"rate_profile": "ramp:1"}, "ramp:1", id="half-a-profile"),
        pytest.param({"warm_up": "5s"}, "warm-up", id="warm-up-beyond-the-run"),
        pytest.param({"shape": "Sawtooth"}, "Sawtooth", id="unknown-shape"),
        pytest.param({"check": "p99<1s,p98"}, "'p98'", id="one-bad-check-of-two"),
        pytest.param({"host": "localhost:port"}, "localhost:port", id="target-without-port"),
    ],
)
def test_a_bad_value_of_the_form_is_refused_with_a_sentence_and_no_run(session, form, word):
    before = session.folders
    answer = session.swarm(**{**RUN, **form})
    assert answer["success"] is False
    assert word in answer["message"]
    assert session.folders == before


def test_a_target_that_nobody_serves_leaves_no_run_and_the_next_one_starts(session, waiting_worker):
    before = session.folders
    session.swarm(**{**RUN, "host": "localhost:1"})
    wait_until(lambda: "cannot connect to localhost:1" in str(session.logs()))
    assert session.folders == before
    assert counts_of(run_once(session, **{**RUN, "host": waiting_worker.address}))["ok"] == 20


def test_what_runs_on_at_a_stop_leaves_no_row_in_the_next_run(folder, waiting_worker):
    """Calls of 3 s, cut off after 200 ms, while the next run is on its way."""
    host = ("--host", waiting_worker.address, "--spin", "3s", "--drain-timeout", "200ms")
    with web_session(folder / "strays", *host) as session:
        for _ in range(2):
            assert session.swarm(user_count=20, spawn_rate=20)["success"]
            session.wait_for_state("running")
            time.sleep(1.0)
            session.stop()
            session.wait_for_state("stopped")
        time.sleep(2.5)
        total = session.stats()["stats"][-1]
        first, second = session.finished_runs(2)
    assert first != second
    assert counts_of(first)["unfinished"] == counts_of(first)["sent"]
    assert counts_of(second)["unfinished"] == counts_of(second)["sent"]
    assert total["num_requests"] in {0, counts_of(second)["sent"]}
    assert read_summary(second)["counts"]["all"] == counts_of(second)


def test_a_session_that_ends_by_sigterm_says_so_without_a_traceback(folder, waiting_worker):
    with web_session(folder / "idle", "--host", waiting_worker.address) as session:
        ended = session.end()
    assert "Traceback" not in ended.err
    assert ended.folders == []


PICKS = {
    "default": ({"shape_class": "Default"}, "uniform", 20),
    "poisson": ({"shape_class": "PoissonShape", "seed": "1"}, "poisson", None),
    "profile": ({**RAMP, "shape_class": "Default"}, "uniform", 75),
}


def picked(folder, address, name):
    form, _, _ = PICKS[name]
    line = ("--class-picker", "--host", address, "--spin", "20ms")
    with web_session(folder / f"picked-{name}", *line) as session:
        return run_once(session, **{**RUN, "user_classes": "SpinUser", **form})


def others(folder, address):
    line = ("--host", address, "--spin", "20ms")
    where = {"locustfile": SHAPES_OF_OTHERS}
    with web_session(folder / "others", *line, **where) as session:
        return run_once(session, **RUN)


@pytest.fixture(scope="module")
def picks(folder, waiting_worker):
    address = waiting_worker.address
    return Together({name: lambda n=name: picked(folder, address, n) for name in PICKS})


@pytest.mark.parametrize("name", PICKS)
def test_the_class_picker_selects_the_shape_and_its_law(picks, name):
    _, law, planned = PICKS[name]
    assert read_manifest(picks[name]).plans[-1]["law"] == law
    assert planned in {None, counts_of(picks[name])["planned"]}
    assert counts_of(picks[name])["planned"] > 5


def test_of_somebody_elses_shape_the_user_count_is_the_rate(folder, waiting_worker):
    run = others(folder, waiting_worker.address)
    rates = Plan.from_dict(read_manifest(run).plans[-1]).rates
    assert rates.segments[0].rate_rps == 20
