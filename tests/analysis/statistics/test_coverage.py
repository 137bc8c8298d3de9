"""The coverage test, reduced: small systems, short runs, fixed seeds.

`python -m bench.coverage` is the whole of it. Shares here are of few trials, so each is tested
against what its own exact interval allows; the seeds make the outcome the same every time.
"""

from functools import cache

import numpy as np
import pytest

from bench.coverage.counted import covered, found_more
from bench.coverage.runs import repeated, single_pairs
from bench.coverage.systems import System
from bench.coverage.tables import false_alarms, over_repetitions, ratios

RUNS = 150
LENGTH_S = 50.0
SHORT = {"warm_up_s": 10.0}
FIXED = System("4 pods, rho .75", 6.0, 0.5, 1, pods=4, is_scaled=False, **SHORT)
SHARED = System("cc 0, 4 cores shared, rho .75", 6.0, 0.5, 0, cores=4.0, **SHORT)
SCALED = System("KPA, cc 1", 6.0, 0.2, 1, pods=4, **SHORT)
NEARLY_FULL = System("4 pods, rho .94", 7.5, 0.5, 1, pods=4, is_scaled=False, **SHORT)
CALM = System("8 pods, rho .4", 16.0, 0.2, 1, pods=8, is_scaled=False, **SHORT)
SYSTEMS = [FIXED, SHARED, SCALED, NEARLY_FULL]


@cache
def made(system, arm=0):
    return repeated(system, LENGTH_S, range(RUNS), arm)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
@pytest.mark.parametrize("quantity", ["mean", "p99"])
def test_five_repetitions_cover_the_truth_as_often_as_they_say(system, quantity):
    counted = over_repetitions(made(system).by_name[quantity])
    assert counted.could_be(0.90, 0.98), str(counted)
    assert counted.share >= 0.85


@pytest.mark.parametrize("system", [FIXED, SCALED], ids=lambda system: system.name)
@pytest.mark.parametrize("quantity", ["mean", "p99"])
def test_equal_arms_on_the_same_arrivals_raise_few_alarms(system, quantity):
    a, b = (made(system, arm).by_name[quantity] for arm in (0, 1))
    alarms = false_alarms(ratios(a, b))
    assert alarms.could_be(0.0, 0.05), str(alarms)


def test_equal_arms_on_other_arrivals_raise_few_alarms():
    a, b = (made(FIXED, arm).p99_s for arm in (0, 1))
    alarms = false_alarms(ratios(a, np.roll(b, 5)))
    assert alarms.could_be(0.0, 0.05), str(alarms)


def test_a_p99_that_is_a_fifth_longer_is_found():
    usual, longer = made(FIXED).p99_s, made(FIXED.slower(1.065), 1).p99_s
    ratio = np.exp(np.log(longer / usual).mean())
    assert 1.15 < ratio < 1.25
    found = found_more(ratios(usual, longer), 1.0)
    assert found.share >= 0.80, str(found)


def test_near_saturation_one_run_prints_no_interval():
    given = [not interval.suppressed for interval in made(NEARLY_FULL).within]
    assert np.mean(given) < 0.05


def test_one_run_that_prints_an_interval_covers_the_mean():
    found = repeated(CALM, LENGTH_S, range(60))
    counted = covered(found.within, float(found.mean_s.mean()))
    assert counted.given > 0.9
    assert counted.could_be(0.90, 0.98), str(counted)


def test_one_pair_of_runs_covers_the_ratio_of_equal_arms():
    counted = covered(single_pairs(CALM, CALM, LENGTH_S, range(60)), 1.0)
    assert counted.given > 0.9
    assert counted.could_be(0.90, 0.98), str(counted)
