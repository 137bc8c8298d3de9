import numpy as np
import pandas as pd
import pytest

from analysis.sweep.arms import compare_arms
from analysis.sweep.cells import cells_of
from tests.analysis.sweep.made import changed, made_runs

MET, MISSED = [("p99<1s", True)], [("p99<1s", False)]
ARMS = ("cheap", "dear")


def with_prices(runs, **pod_seconds):
    return changed(runs, [True] * len(runs), pod_seconds=pd.NA).assign(
        pod_seconds=runs["arm"].map(pod_seconds) * (1 + 0.01 * runs["repetition"])
    )


def two_arms(**made):
    runs = made_runs(lambda *_: 1.1, arms=ARMS, **made)
    runs = runs.assign(checks=[MET] * len(runs))
    return with_prices(runs, cheap=100.0, dear=300.0)


def compared(runs):
    return compare_arms(runs, cells_of(runs), ARMS)


def test_the_price_is_pod_seconds_over_good_answers():
    cheap, dear = compared(two_arms()).arms
    assert cheap.price == pytest.approx(0.103)
    assert dear.price == pytest.approx(0.309)
    assert cheap.price_interval.low < 0.103 < cheap.price_interval.high


def test_prices_are_compared_pair_by_pair():
    ratio = compared(two_arms()).price_ratio("cheap", "dear")
    assert ratio.estimate == pytest.approx(3.0)
    assert (ratio.low, ratio.high) == pytest.approx((3.0, 3.0))


def test_an_arm_meets_the_checks_where_each_of_its_runs_does():
    runs = two_arms()
    one_run = runs["arm"].eq("cheap") & runs["rate_rps"].eq(5) & runs["repetition"].eq(2)
    cheap, dear = compared(changed(runs, one_run, checks=MISSED)).arms
    assert (cheap.met, cheap.cells, cheap.meets_all) == (8, 12, False)
    assert (dear.met, dear.meets_all) == (12, True)


def test_cells_in_which_no_arm_can_meet_the_checks_count_against_none():
    runs = two_arms()
    result = compared(changed(runs, runs["rate_rps"].eq(20), checks=MISSED))
    assert [arm.meets_all for arm in result.arms] == [True, True]
    assert (result.met_by_any, result.priced) == (8, 8)


def test_a_price_is_of_cells_in_which_the_checks_can_be_met():
    runs = two_arms()
    far = runs["rate_rps"].eq(20)
    runs = changed(changed(runs, far, checks=MISSED), far, ok=1)
    assert compared(runs).arms[0].price == pytest.approx(0.103)


def test_pods_that_nobody_watched_have_no_price():
    assert np.isnan(compared(two_arms().assign(pod_seconds=np.nan)).arms[0].price)


def test_arms_are_compared_on_the_cells_that_all_of_them_have():
    runs = two_arms()
    lost = runs["arm"].eq("dear") & runs["rate_rps"].eq(20)
    result = compared(changed(runs, lost, usable=False))
    assert len(result.common.items) == 8


def test_an_arm_without_a_usable_run_is_not_there():
    runs = two_arms()
    result = compared(changed(runs, runs["arm"].eq("dear"), usable=False))
    assert [arm.name for arm in result.arms] == ["cheap"]
