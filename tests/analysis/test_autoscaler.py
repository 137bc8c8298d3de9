import math

import numpy as np
import pytest

from analysis.metrics.autoscaler import (
    oscillation,
    panic_entries,
    provisioning,
    times_to_ready,
)
from shapes.rate_log import RateLog, RateSegment
from verdict.pods_needed import PodTarget
from verdict.steps import steps_of

FOUR_CORES_A_POD = PodTarget("concurrency", 4.0)


def provisioned(ready, rates, from_s=0.0, to_s=100.0, call_s=1.0):
    def between(edges):
        return np.diff(rates.integral(edges)) / np.diff(edges)

    needed = FOUR_CORES_A_POD.needed
    return provisioning(ready, between, lambda rps: needed(rps, call_s), from_s, to_s)


def test_the_nth_pod_is_ready_when_so_many_were_ready_at_once():
    # The second pod comes at 4 and the first goes at 6: never three before 20.
    ready = steps_of([(-5.0, 0), (2.0, 1), (4.0, 2), (6.0, 1), (8.0, 2), (20.0, 3)])
    table = times_to_ready(ready, 1.0, 60.0)
    assert table["n"].tolist() == [1, 2, 3]
    assert table["after_s"].tolist() == [1.0, 3.0, 19.0]


def test_pods_that_were_ready_before_took_no_time():
    assert times_to_ready(steps_of([(-5.0, 2)]), 0.0, 60.0)["after_s"].tolist() == [0.0, 0.0]


def test_without_a_ready_pod_there_is_no_time():
    assert times_to_ready(steps_of([(-5.0, 0)]), 0.0, 60.0).empty


@pytest.mark.parametrize(
    ("states", "entries"),
    [
        ([False], 0),
        ([False, True, False, True], 2),
        ([False, True, True, True], 1),
        ([True, False], 1),
    ],
    ids=["calm", "twice", "renewed", "from the start"],
)
def test_panic_is_counted_each_time_it_begins(states, entries):
    assert panic_entries([(float(t), on) for t, on in enumerate(states)]) == entries


@pytest.mark.parametrize(
    ("pods", "turns", "moved"),
    [
        ([0, 1, 4, 9], 0, 0),
        ([9, 4, 0], 0, 0),
        ([0, 50, 9, 9], 1, 41),
        ([4, 5, 4, 5, 4], 3, 2),
        ([0, 30, 10, 20], 2, 20),
        ([3], 0, 0),
    ],
    ids=["up", "down", "overshoot", "to and fro", "collapse and climb", "still"],
)
def test_pods_that_go_back_on_themselves_oscillate(pods, turns, moved):
    found = oscillation(steps_of([(10.0 * t, n) for t, n in enumerate(pods)]), 0.0, 100.0)
    assert (found.turns, found.pods) == (turns, moved)


def test_changes_outside_the_run_are_not_counted():
    steps = steps_of([(-20.0, 5), (-10.0, 0), (1.0, 5), (200.0, 0)])
    assert oscillation(steps, 0.0, 100.0).turns == 0


def test_missing_pods_and_idle_ones_do_not_cancel():
    # 10 rps of 1 s on pods of 4: three are needed. One for 20 s, five for 30 s, three for the rest.
    ready = steps_of([(-1.0, 1), (20.0, 5), (50.0, 3)])
    found = provisioned(ready, RateLog((RateSegment(0.0, 10.0),)))
    assert found.under_s == pytest.approx(2 * 20)
    assert found.over_s == pytest.approx(2 * 30)


def test_pods_without_load_are_all_too_many():
    rates = RateLog((RateSegment(0.0, 8.0), RateSegment(60.0, 0.0)))
    found = provisioned(steps_of([(-1.0, 2)]), rates)
    assert (found.under_s, found.over_s) == pytest.approx((0.0, 80.0))


def test_a_whole_number_of_pods_is_enough_at_the_very_target():
    found = provisioned(steps_of([(-1.0, 0.0), (33.333, 2.0)]), RateLog((RateSegment(0.0, 8.0),)))
    assert found.under_s == pytest.approx(2 * 33.333)
    assert found.over_s == pytest.approx(0.0, abs=1e-9)


def test_under_a_ramp_it_is_as_a_fine_sum_says(rng):
    rates = RateLog((RateSegment(0.0, 0.0, 0.5), RateSegment(80.0, 40.0)))
    moments = np.sort(rng.uniform(0, 100, 30))
    ready = steps_of([(-1.0, 0.0), *((float(t), float(rng.integers(0, 12))) for t in moments)])
    fine_s = np.arange(10.0, 100.0, 0.002) + 0.001
    needed = np.array([math.ceil(rates.rate_at(t) / 4 - 1e-9) for t in fine_s])
    missing = needed - ready.at(fine_s)
    found = provisioned(ready, rates, from_s=10.0)
    assert found.under_s == pytest.approx(0.002 * missing.clip(min=0).sum(), rel=0.01)
    assert found.over_s == pytest.approx(0.002 * (-missing).clip(min=0).sum(), rel=0.01)
