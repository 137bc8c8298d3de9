import numpy as np
import pytest
from scipy import stats
from scipy.signal import lfilter
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.weightstats import DescrStatsW

from analysis.statistics.batches import (
    batch_means,
    batch_means_interval,
    is_near_saturation,
    lag_one_correlation,
    mean_latency_interval,
    waiting_calls,
    widening,
)
from analysis.statistics.repetitions import enough_repetitions, repetitions_interval
from analysis.statistics.shares import rule_of_three, success_interval, wilson

SPIN_S = 0.1


def m_d_1_waits(rng, utilisation, calls):
    """Lindley's recursion in closed form: waits of a single server with fixed service time."""
    steps = SPIN_S - rng.exponential(SPIN_S / utilisation, calls)
    walk = np.concatenate([[0.0], np.cumsum(steps)[:-1]])
    return walk - np.minimum.accumulate(walk)


def length_s(calls, utilisation):
    return calls * SPIN_S / utilisation


def mean_wait(utilisation):
    return utilisation * SPIN_S / (2 * (1 - utilisation))


@pytest.mark.parametrize(("ok", "n"), [(0, 10), (3, 10), (10, 10), (2395, 2400)])
def test_wilson_is_scipys(ok, n):
    oracle = stats.binomtest(ok, n).proportion_ci(0.95, "wilson")
    assert wilson(ok / n, n) == pytest.approx((oracle.low, oracle.high))


@pytest.mark.parametrize("n", [1, 164, 5883])
def test_the_bound_at_the_end_of_the_scale_is_exact(n):
    assert wilson(1.0, n)[1] == 1.0
    assert wilson(0.0, n)[0] == 0.0


def test_nothing_tried_says_nothing():
    assert wilson(0.0, 0) == (0.0, 1.0)


def test_independent_failures_are_worth_their_number(rng):
    interval = success_interval(rng.random(24_000) < 0.97)
    assert interval.effective_n == pytest.approx(24_000, rel=0.6)


def test_failures_in_one_burst_are_worth_far_fewer_calls():
    succeeded = np.ones(24_000, dtype=bool)
    succeeded[5000:5720] = False
    assert success_interval(succeeded).effective_n < 1000


@pytest.mark.parametrize("utilisation", [0.5, 0.75], ids=["half loaded", "three quarters loaded"])
def test_batch_means_cover_the_true_mean_of_a_queue(utilisation):
    covered, given, independent = 0, 0, 0
    for seed in range(200):
        waits = m_d_1_waits(np.random.default_rng(seed), utilisation, 12_400)[400:]
        interval = mean_latency_interval(waits, length_s(len(waits), utilisation))
        given += not interval.suppressed
        covered += interval.low <= mean_wait(utilisation) <= interval.high
        half = 1.96 * waits.std() / np.sqrt(len(waits))
        independent += abs(waits.mean() - mean_wait(utilisation)) <= half
    assert given >= 160
    assert 0.90 <= covered / given <= 0.98
    assert independent / 200 < 0.75


def test_near_saturation_the_interval_is_mostly_suppressed():
    suppressed = 0
    for seed in range(50):
        waits = m_d_1_waits(np.random.default_rng(seed), 0.95, 4000)[400:]
        interval = mean_latency_interval(waits, length_s(len(waits), 0.95))
        suppressed += "near saturation" in interval.suppressed
    assert suppressed >= 48


def test_calls_that_wait_are_counted_as_the_formula_of_the_queue_has_them():
    waits = m_d_1_waits(np.random.default_rng(1), 0.75, 200_000)
    rate_rps = 0.75 / SPIN_S
    found = waiting_calls(waits + SPIN_S, length_s(len(waits), 0.75))
    assert found == pytest.approx(rate_rps * mean_wait(0.75), rel=0.05)


def test_five_repetitions_cover_the_true_mean_of_a_busy_queue():
    covered = 0
    for trial in range(200):
        means = [
            m_d_1_waits(np.random.default_rng([trial, repetition]), 0.75, 4000)[400:].mean()
            for repetition in range(5)
        ]
        interval = repetitions_interval(np.array(means))
        covered += interval.low <= mean_wait(0.75) <= interval.high
    assert 0.90 <= covered / 200 <= 0.98


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.ones(100), "fewer than 600 calls"),
        (np.append(np.ones(999), np.inf), "without an answer"),
        (np.arange(1000.0), "drifts"),
    ],
    ids=["few", "failures", "drift"],
)
def test_an_interval_that_would_mislead_is_not_given(values, reason):
    interval = batch_means_interval(values)
    assert reason in interval.suppressed
    assert np.isnan([interval.low, interval.high]).all()


def test_fewer_than_five_repetitions_give_no_interval():
    assert "5 repetitions" in repetitions_interval(np.ones(4)).suppressed


def test_five_repetitions_give_students_interval():
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    oracle = stats.t.interval(0.95, 4, loc=3.0, scale=stats.sem(values))
    interval = repetitions_interval(values)
    assert (interval.low, interval.high) == pytest.approx(oracle)


def test_a_constant_series_is_not_correlated():
    assert lag_one_correlation(np.ones(24)) == 0


@pytest.mark.parametrize("n", [30, 1000, 20_000])
def test_without_a_failure_the_bound_is_that_of_the_exact_binomial(n):
    exact = stats.binomtest(0, n).proportion_ci(0.90, "exact").high
    assert rule_of_three(n) == pytest.approx(exact, rel=0.06)
    interval = success_interval(np.ones(n, dtype=bool))
    assert (interval.low, interval.high) == (1 - rule_of_three(n), 1.0)


def test_what_was_never_tried_may_always_fail():
    assert rule_of_three(0) == 1.0


@pytest.mark.parametrize(("spread", "enough"), [(0.001, True), (1.0, False)])
def test_repetitions_end_once_the_interval_is_narrow(spread, enough):
    per_run = 10.0 + spread * np.array([-1.0, 0.0, 1.0, -1.0, 1.0])
    assert enough_repetitions(per_run) is enough


def test_four_repetitions_are_never_enough():
    assert not enough_repetitions(np.ones(4))


def test_batch_means_are_those_of_the_model_with_dummies(rng):
    values = rng.normal(size=8 * 80)
    oracle = OLS(values, np.eye(8)[np.repeat(np.arange(8), 80)]).fit().params
    assert batch_means(values) == pytest.approx(oracle)


def test_batches_that_know_nothing_of_each_other_give_students_interval():
    means = np.array([1.0, 5.0, 2.0, 6.0, 1.0, 5.0, 2.0, 6.0])
    values = np.repeat(means, 80)
    oracle = DescrStatsW(means).tconfint_mean()
    interval = batch_means_interval(values)
    assert (interval.low, interval.high) == pytest.approx(oracle)


def test_what_batches_tell_of_each_other_widens_the_interval(rng):
    noise = rng.normal(size=20_000)
    series = lfilter([1.0], [1.0, -0.6], noise)
    assert widening(series) == pytest.approx(np.sqrt((1 + 0.6) / (1 - 0.6)), rel=0.05)


@pytest.mark.parametrize(("utilisation", "near"), [(0.5, False), (0.95, True)])
def test_failed_calls_do_not_hide_that_the_target_was_near_saturation(utilisation, near):
    waits = m_d_1_waits(np.random.default_rng(3), utilisation, 4000)
    waits[-5:] = np.inf
    assert is_near_saturation(waits, length_s(len(waits), utilisation)) is near
    assert not is_near_saturation(np.full(10, np.inf), 1.0)
