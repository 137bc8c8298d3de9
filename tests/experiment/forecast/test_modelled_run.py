"""One simulated run in figures, against what queueing theory says of it."""

import math

import numpy as np
import pytest
from scipy import stats

from experiment.forecast.modelled_run import modelled_run
from experiment.forecast.setting import changed
from tests.experiment.forecast.asking import options, question_values

RATE, SPIN = ("--rps", "20"), ("--service-time", "500ms")


def figures(*arguments, seed=1):
    return modelled_run(question_values(options(*RATE, *SPIN, *arguments)), seed)


def test_without_a_limit_no_call_waits_and_pods_cost_what_they_stand():
    found = figures("--cc", "0", "--no-autoscaler", "--pods", "2", "--duration", "3m")

    assert (found.p50_s, found.p99_s) == pytest.approx((0.5, 0.5))
    assert found.slowdown == pytest.approx(1.0)
    assert (found.ok, found.cold) == (1.0, 0.0)
    assert (found.pods_mean, found.pods_peak) == (2.0, 2.0)
    assert found.pod_seconds == pytest.approx(2 / 20, rel=0.06)


def test_pods_follow_the_load_over_the_target():
    found = figures("--cc", "1", "--law", "uniform")

    assert (found.pods_mean, found.pods_least, found.pods_most) == (15, 15, 15)
    assert found.pods_peak > 30  # the panic of a start from one pod
    assert found.start_p99_s > 1.0
    assert found.pod_seconds == pytest.approx(15 / 20, rel=0.01)


def test_waits_for_one_of_many_pods_stay_below_the_share_that_finds_none():
    found = figures("--cc", "1", "--no-autoscaler", "--pods", "16", "--duration", "6m")

    at_most = stats.poisson.cdf(15, 10.0)  # M/D/inf: how often fewer than 16 are at work
    assert found.ok == 1.0
    assert 1.0 < found.slowdown < 1.0 + (1 - at_most)
    assert found.p50_s == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("rps", "spin", "slowdown", "pods"),
    [("5", "100ms", 1.10, 1.9), ("10", "100ms", 1.16, 2.0), ("5", "1s", 1.04, 8.7),
     ("20", "500ms", 1.01, 14.8)],
)  # fmt: skip
def test_cells_of_the_seeds_grid_are_as_another_simulator_had_them(rps, spin, slowdown, pods):
    cell = ("--rps", rps, "--service-time", spin, "--cc", "1", "--cores", "64")
    found = modelled_run(question_values(options(*cell, "--duration", "12m")), 1)

    assert found.slowdown == pytest.approx(slowdown, abs=0.025)
    assert found.pods_mean == pytest.approx(pods, rel=0.12)


def test_the_way_there_and_back_is_in_the_latency():
    found = figures("--cc", "0", "--no-autoscaler", "--network", "8ms", "--duration", "30s")

    assert found.p50_s == pytest.approx(0.508)


def test_calls_that_time_out_count_as_infinite():
    found = figures(
        *("--cc", "1", "--no-autoscaler", "--pods", "5", "--grpc-timeout", "2s"),
        *("--duration", "1m"),
    )

    assert found.ok < 0.7
    assert math.isinf(found.p99_s)
    assert math.isinf(found.slowdown)


def test_without_a_warm_up_nothing_is_said_of_the_start():
    found = figures("--cc", "1", "--warm-up", "0s", "--duration", "1m")

    assert math.isnan(found.start_p99_s)
    assert found.cold > 0.05


def test_the_seed_is_the_jobs_and_not_the_questions():
    values = question_values(options(*RATE, *SPIN, "--cc", "1", "--duration", "1m"))
    first, again, other = (
        modelled_run(changed(values, {"seed": own}), seed) for own, seed in ((9, 1), (7, 1), (9, 2))
    )

    assert first == again != other
    assert np.isfinite(first.p99_s)
