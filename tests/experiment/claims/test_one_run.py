"""What is kept of a simulated run."""

import math

import numpy as np
import pytest

from analysis.sweep.standing import MARGINAL, OVERLOAD, STABLE
from experiment.claims.one_run import class_of, row_of
from records.sweeps.planned import Cell, PlannedRun
from tests.simulator.system.systems import fixed, run


def planned(rho=0.1):
    return PlannedRun(
        index=0,
        run_id="one",
        block=1,
        cell=Cell(1.0, "uniform", 0.5),
        arm="fixed-1",
        repetition=1,
        seed=1,
        duration_s=10.0,
        warm_up_s=4.0,
        rho=rho,
        overload="run",
    )


def test_the_warm_up_is_left_out():
    # Five at once at the start wait for each other; later ones are alone.
    found = run([0.0] * 5 + [5.0, 6.0, 7.0], 0.5, fixed(1))
    row = row_of(planned(), found, 30.0)

    assert (row["sent"], row["ok"]) == (3, 3)
    assert row["slowdown_mean"] == pytest.approx(1.0)


def test_what_failed_took_for_ever():
    found = run([5.0, 5.1, 5.2, 7.0], 0.5, fixed(1, deadline_s=0.8))
    row = row_of(planned(), found, 0.8)

    assert (row["sent"], row["ok"], row["class"]) == (4, 2, OVERLOAD)
    assert row["mean_s"] == row["p99_s"] == math.inf
    assert row["answered_sum_s"] == pytest.approx(1.0)


def test_p99_is_a_latency_that_was_seen():
    found = run(np.arange(5.0, 9.0, 0.6), 0.5, fixed(1))

    assert row_of(planned(), found, 30.0)["p99_s"] == pytest.approx(0.5)


def test_pods_that_stay_are_those_of_the_start():
    assert row_of(planned(), run([5.0], 0.5, fixed(3)), 30.0)["pods"] == 3


@pytest.mark.parametrize(
    ("failed", "rho", "expected"),
    [
        (0.0, 0.99, STABLE),
        (0.0, None, STABLE),
        (0.0, 1.0, MARGINAL),
        (0.005, 0.5, MARGINAL),
        (0.011, 0.5, OVERLOAD),
        (1.0, 2.0, OVERLOAD),
    ],
)
def test_the_class_is_by_failures_and_load(failed, rho, expected):
    assert class_of(failed, rho) == expected
