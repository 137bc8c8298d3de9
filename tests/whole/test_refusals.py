"""Bad input is refused in one line, with exit code 2, before anything is started or written."""

import pytest

from tests.whole.harness import EXAMPLES, SHAPES_OF_OTHERS, run_locust, side_by_side

TRACE = f"trace:{EXAMPLES}/traces/functions.csv"
REFUSED = {
    "zero-rate": ("--rps 0", "rate"),
    "negative-rate": ("--rps=-1", "rate"),
    "rate-in-words": ("--rps ten", "'ten'"),
    "rate-not-a-number": ("--rps nan", "'nan'"),
    "rate-beyond-the-limit": ("--rps 1e12", "1,000,000"),
    "zero-duration": ("--duration 0s", "duration"),
    "duration-in-words": ("--duration soon", "'soon'"),
    "unknown-law": ("--distribution pareto", "poisson"),
    "negative-spin": ("--spin=-1s", "spin"),
    "negative-seed": ("--seed=-1", "seed"),
    "unknown-check": ("--check p42~1", "p99"),
    "idle-profile": ("--rate-profile step:0@0s", "step"),
    "unknown-profile": ("--rate-profile sawtooth:1", "ramp"),
    "rate-against-users": ("--rps 10 -u 20", "--users 20"),
    "duration-against-run-time": ("--duration 2s -t 3s", "--run-time 3s"),
    "trace-that-is-not-there": ("--rate-profile trace:nowhere.csv", "nowhere.csv is not there"),
    "law-against-trace": (f"--distribution poisson --rate-profile {TRACE}", "arrivals of its own"),
    "rate-against-trace": (f"--rps 70 --rate-profile {TRACE}", "the profile's rates are its own"),
    "trace-without-a-file": ("--distribution trace", "trace:FILE"),
    "rate-against-profile": ("--rps 7 --rate-profile ramp:0,50,1s", "peak 50"),
    "warm-up-of-the-whole-run": ("--warm-up 2s --duration 2s", "--warm-up 2s"),
    "unknown-shape": ("--shape Sawtooth", "PoissonShape, UniformShape"),
    "law-against-shape": ("--shape PoissonShape --distribution uniform", "PoissonShape"),
    "run-id-outside-records": ("--run-id ../mine", "../mine"),
    "call-that-is-no-method": ("--call Spin", "package.Service/Method"),
    "target-without-port": ("--host localhost:port", "localhost:port"),
}


@pytest.fixture(scope="module")
def refused(folder):
    return side_by_side(folder, {name: line(given) for name, (given, _) in REFUSED.items()})


def line(given: str) -> str:
    return given if "--duration" in given or "-t" in given else f"{given} --duration 1s"


def complaint(ended) -> str:
    """The one line that says what is wrong."""
    (line,) = [line for line in ended.err.splitlines() if ": error: " in line]
    assert "Traceback" not in ended.err
    return line


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_value_ends_with_exit_code_2(refused, name):
    assert refused[name].code == 2, refused[name].err


@pytest.mark.parametrize("name", REFUSED)
def test_one_line_says_what_was_wrong_and_what_is_valid(refused, name):
    assert REFUSED[name][1] in complaint(refused[name])


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_run_leaves_no_folder_and_starts_no_worker(refused, name):
    assert refused[name].folders == []
    assert "No --host" not in refused[name].err


def test_a_rate_beside_somebody_elses_shape_is_refused(folder):
    ended = run_locust(folder / "others", "--rps", "10", locustfile=SHAPES_OF_OTHERS)
    assert ended.code == 2
    assert "--rps 10 and load shape Steps disagree" in complaint(ended)


def test_a_target_that_nobody_serves_is_named_before_any_load(folder):
    ended = run_locust(folder / "nobody", "--host", "localhost:1", "--duration", "1s")
    assert ended.code == 2
    assert "localhost:1" in complaint(ended)
    assert ended.folders == []


def test_a_run_that_is_there_is_never_overwritten(folder, waiting_worker):
    line = ("--host", waiting_worker.address, "--run-id", "mine", "--duration", "200ms")
    first = run_locust(folder / "twice", *line, "--spin", "1ms")
    again = run_locust(folder / "twice", *line, "--spin", "1ms")
    assert again.code == 2
    assert "mine" in complaint(again)
    assert first.counts()["planned"] == 2
