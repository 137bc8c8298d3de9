import numpy as np
import pytest
from scipy import stats

from analysis.statistics.effect import Difference, Ratio
from analysis.statistics.one_pair import one_pair_difference, one_pair_mean_ratio
from analysis.statistics.one_sided import TAIL, p_of_above, surely_above

LENGTH_S = 1000.0


@pytest.fixture
def shared(rng):
    return rng.lognormal(-3.0, 0.3, 4000)


def test_calls_that_share_their_arrivals_need_no_long_runs(rng, shared):
    slower = 1.05 * shared + rng.normal(0.0, 1e-4, 4000)
    ratio = one_pair_mean_ratio(shared, slower, LENGTH_S)
    assert ratio.low < slower.mean() / shared.mean() < ratio.high
    assert ratio.low > 1.04
    assert ratio.correlation > 0.99


def test_one_pair_covers_the_true_ratio_of_independent_calls(rng):
    covered = 0
    for _ in range(300):
        a, b = rng.lognormal(-3.0, 0.3, (2, 1000))
        ratio = one_pair_mean_ratio(a, 1.5 * b, 1000.0)
        covered += ratio.low <= 1.5 <= ratio.high
    assert stats.binomtest(covered, 300).proportion_ci(0.99).high >= 0.93


@pytest.mark.parametrize(
    ("b", "reason"),
    [
        (np.ones(100), "fewer than 600"),
        (np.full(4000, np.inf), "B alone has no interval: calls without an answer"),
        (np.linspace(0.1, 0.2, 4000), "B alone has no interval"),
    ],
    ids=["few", "failures", "drift"],
)
def test_a_pair_that_would_mislead_has_no_interval(shared, b, reason):
    ratio = one_pair_mean_ratio(shared[: len(b)], b, LENGTH_S)
    assert reason in ratio.suppressed
    assert np.isnan(ratio.low)


def test_shares_of_one_pair_differ_by_the_mean_difference(rng):
    a, b = rng.random(4000) < 0.99, rng.random(4000) < 0.90
    found = one_pair_difference(a.astype(float), b.astype(float))
    assert found.low < b.mean() - a.mean() < found.high < 0


def test_few_calls_say_nothing_of_a_difference():
    assert "fewer than" in one_pair_difference(np.ones(5), np.ones(5)).suppressed


@pytest.mark.parametrize(
    "effect",
    [
        Ratio(1.2, 1.2 / 1.1, 1.2 * 1.1, 0.01, 5, 0.9, freedom=4),
        Difference(0.2, 0.1, 0.3, 0.01, 5, 0.9, freedom=4),
    ],
)
def test_the_end_of_the_interval_is_where_the_test_changes_its_mind(effect):
    assert p_of_above(effect, effect.low) == pytest.approx(TAIL)
    assert p_of_above(effect, effect.high) == pytest.approx(1 - TAIL)


def test_the_p_value_is_that_of_a_one_sided_t_test(rng):
    from analysis.statistics.pairs import paired_log_ratio

    a, b = rng.lognormal(size=6), rng.lognormal(size=6)
    oracle = stats.ttest_1samp(np.log(b / a), np.log(1.1), alternative="greater").pvalue
    assert p_of_above(paired_log_ratio(a, b), 1.1) == pytest.approx(oracle)


def test_one_of_many_must_be_further_above_than_one_alone():
    effect = Ratio(1.2, 1.11, 1.2**2 / 1.11, 0.01, 5, 0.9, freedom=4)
    nothing = Ratio(1.0, 0.9, 1 / 0.9, 1.0, 5, 0.9, freedom=4)
    assert surely_above([effect], 1.1).tolist() == [True]
    assert not surely_above([effect, *[nothing] * 30], 1.1).any()


def test_what_never_changes_is_above_or_not_without_doubt():
    effect = Difference(0.2, 0.2, 0.2, 0.0, 5, float("nan"), freedom=4)
    assert (p_of_above(effect, 0.1), p_of_above(effect, 0.2)) == (0.0, 1.0)
