from dataclasses import replace

import pytest

from experiment.sweep.outcome import Outcome
from experiment.sweep.telling import FIRST_GUESS_S, Teller, in_words
from tests.records.sweeps.made import made_sweep

RUNS = made_sweep(3).runs
"""Of 30 s each."""


class Time:
    now_s = 0.0

    def __call__(self):
        return self.now_s


def teller(ground="local"):
    said, time = [], Time()
    sweep = replace(made_sweep(3), ground=ground)
    return Teller(sweep, list(RUNS), time, said.append), time, said


def test_the_time_left_is_that_of_the_arrivals_and_what_runs_were_seen_to_take_beside():
    tells, time, said = teller()
    assert tells.left_s() == 3 * (30 + FIRST_GUESS_S)
    tells.begins(RUNS[0], 1)
    time.now_s = 42.0
    tells.finished(RUNS[0], Outcome(0, "VALID", "stable"))
    assert tells.left_s() == pytest.approx(2 * 42.0)
    assert said == ["[1/3] poisson-20rps-100ms-as-is-r1: VALID, stable; about 1m left"]


def test_simulated_runs_are_marked_and_take_what_they_were_seen_to_take():
    tells, time, said = teller("simulated")
    tells.begins(RUNS[0], 1)
    time.now_s = 2.0
    tells.finished(RUNS[0], Outcome(0, "VALID", "stable"))
    assert tells.left_s() == pytest.approx(4.0)
    assert said[0].startswith("[1/3] (SIMULATED) poisson")


def test_a_run_given_up_or_skipped_is_over_and_one_that_is_tried_again_is_not():
    tells, _, said = teller()
    tells.failed(RUNS[0], "no records", will_retry=True)
    tells.begins(RUNS[0], 2)
    tells.failed(RUNS[0], "no records", will_retry=False)
    tells.skipped(replace(RUNS[1], rho=2.5))
    assert [line.partition("; about")[0] for line in said] == [
        "poisson-20rps-100ms-as-is-r1: no records; once more",
        "[0/3] poisson-20rps-100ms-as-is-r1: attempt 2",
        "[1/3] poisson-20rps-100ms-as-is-r1: GIVEN UP: no records",
        "[2/3] poisson-20rps-100ms-as-is-r2: skipped, an overload (rho 2.5)",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1s"), (40, "40s"), (89, "1m"), (91, "2m"), (11100, "3h5m")]
)
def test_times_are_told_as_people_do(seconds, words):
    assert in_words(seconds) == words
