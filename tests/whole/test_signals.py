"""Ctrl-C and SIGTERM end a run as a stop does, and lose nothing that was sent."""

import signal
import time
from functools import partial

import pytest

from tests.whole.harness import Ended, Together, headless
from tests.whole.workers import slow_worker

CODES = {"SIGINT": 130, "SIGTERM": 143}
SHAPES = {"no-shape": "", "shape": "--shape PoissonShape --seed 1"}
CASES = [f"{name}-{shape}" for name in CODES for shape in SHAPES]
SPIN_S = 1.0
RUNS_FOR_S = 1.5


def interrupted(records, address, case) -> Ended:
    """A run of a minute that gets its signal after a second and a half."""
    return send_signal(records, address, case).end()


def send_signal(records, address, case):
    name, _, shape = case.partition("-")
    line = f"--host {address} --rps 20 --duration 1m --spin {SPIN_S}s {SHAPES[shape]}"
    running = headless(records, *line.split())
    running.wait_for_folder()
    time.sleep(RUNS_FOR_S)
    running.send(signal.Signals[name])
    return running


@pytest.fixture(scope="module")
def workers():
    """One for each run, for each counts what it saw."""
    with slow_worker() as a, slow_worker() as b, slow_worker() as c, slow_worker() as d:
        yield dict(zip(CASES, (a, b, c, d), strict=True))


@pytest.fixture(scope="module")
def runs(folder, workers):
    return Together(
        {case: partial(interrupted, folder / case, workers[case].address, case) for case in CASES}
    )


@pytest.mark.parametrize("case", CASES)
def test_the_exit_code_is_that_of_the_signal(runs, case):
    level = runs[case].summary["verdict"]["level"]
    expected = 3 if level == "INVALID" else CODES[case.partition("-")[0]]
    assert runs[case].code == expected, runs[case].err


@pytest.mark.parametrize("case", CASES)
def test_what_was_sent_before_the_signal_is_waited_for(runs, case):
    counts = runs[case].counts()
    assert counts["ok"] == counts["sent"] == counts["planned"]
    # The last second's calls were in flight when the signal came.
    assert counts["sent"] > 20 * RUNS_FOR_S / 3


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_sent_after_the_signal(runs, case):
    plan = runs[case].manifest.plans[-1]
    assert plan["stop_s"] < 10
    assert max(row["sent_s"] for row in runs[case].rows) < plan["stop_s"] + 1


@pytest.mark.parametrize("case", CASES)
def test_locust_prints_its_statistics_and_then_the_first_screen(runs, case):
    out = runs[case].out
    ok = runs[case].counts()["ok"]
    assert f"sent = ok {ok} + failed 0 + unfinished 0" in out
    assert "Aggregated" in runs[case].err + out
    assert out.rstrip().splitlines()[-1].startswith("Report:")


@pytest.mark.parametrize("case", CASES)
def test_the_summary_names_the_signal(runs, case):
    assert runs[case].summary["context"]["stopped_by"] == case.partition("-")[0]


@pytest.mark.parametrize("case", CASES)
def test_the_worker_saw_as_many_calls_as_the_record_says_were_sent(runs, workers, case):
    assert workers[case].seen() == runs[case].counts()["sent"]


@pytest.mark.parametrize("name", CODES)
def test_a_second_signal_ends_the_process_at_once(folder, name):
    with slow_worker() as worker:
        running = send_signal(folder / f"twice-{name}", worker.address, f"{name}-no-shape")
        time.sleep(0.2)
        asked_s = time.monotonic()
        running.send(signal.Signals[name])
        assert running.end().code == CODES[name]
        assert time.monotonic() - asked_s < SPIN_S


def test_a_signal_while_the_run_is_prepared_ends_it_too(folder):
    running = headless(folder / "early", "--rps", "5", "--duration", "1m", "--spin", "1ms")
    time.sleep(0.9)
    running.send(signal.SIGTERM)
    ended = running.end()
    assert ended.code in {143, 3, -signal.SIGTERM}
    assert "Traceback" not in ended.err
