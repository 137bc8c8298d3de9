import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from analysis.statistics.pairs import overall_ratio, paired_difference, paired_log_ratio


@pytest.fixture
def pairs(rng):
    shared = rng.lognormal(size=8)
    return shared * rng.lognormal(0.0, 0.1, 8), 1.2 * shared * rng.lognormal(0.0, 0.1, 8)


def test_the_ratio_is_that_of_a_t_test_on_logarithms(pairs):
    a, b = pairs
    oracle = stats.ttest_rel(np.log(b), np.log(a))
    bounds = oracle.confidence_interval(0.95)
    ratio = paired_log_ratio(a, b)
    assert (ratio.low, ratio.high) == pytest.approx((np.exp(bounds.low), np.exp(bounds.high)))
    assert ratio.p == pytest.approx(oracle.pvalue)
    assert ratio.estimate == pytest.approx(stats.gmean(b / a))


def test_the_correlation_of_the_pairs_is_pearsons(pairs):
    a, b = pairs
    oracle = stats.pearsonr(np.log(a), np.log(b)).statistic
    assert paired_log_ratio(a, b).correlation == pytest.approx(oracle)


def test_the_difference_is_that_of_a_t_test(pairs):
    a, b = pairs
    oracle = DescrStatsW(b - a)
    found = paired_difference(a, b)
    assert (found.low, found.high) == pytest.approx(oracle.tconfint_mean())
    assert found.p == pytest.approx(oracle.ttest_mean(0.0)[1])


def test_swapped_arms_give_the_inverse(pairs):
    there, back = paired_log_ratio(*pairs), paired_log_ratio(*reversed(pairs))
    assert there.estimate == pytest.approx(1 / back.estimate)
    assert (there.low, there.high) == pytest.approx((1 / back.high, 1 / back.low))


def test_pairing_is_worth_what_the_pairs_share(pairs):
    a, b = pairs
    paired, shuffled = paired_log_ratio(a, b), paired_log_ratio(a, np.roll(b, 1))
    assert paired.correlation > 0.9
    assert paired.high / paired.low < shuffled.high / shuffled.low


def test_arms_that_never_differ_are_the_same_without_doubt():
    ratio = paired_log_ratio(np.arange(1.0, 6.0), np.arange(1.0, 6.0))
    assert (ratio.estimate, ratio.low, ratio.high, ratio.p) == (1.0, 1.0, 1.0, 1.0)


def test_a_difference_that_never_changes_is_beyond_doubt():
    assert paired_difference(np.zeros(5), np.ones(5)).p == 0.0


@pytest.mark.parametrize(
    ("b", "reason"),
    [
        ([1.0, 2.0, 3.0, 4.0], "fewer than 5 pairs"),
        ([1.0, 2.0, 3.0, 4.0, np.inf], "not finite"),
        ([1.0, 2.0, 3.0, 4.0, 0.0], "not above 0"),
        ([], "not finite"),
    ],
    ids=["few", "not reached", "zero", "none"],
)
def test_a_ratio_that_would_mislead_has_no_interval(b, reason):
    ratio = paired_log_ratio(np.ones(len(b)), np.array(b))
    assert reason in ratio.suppressed
    assert np.isnan([ratio.low, ratio.high, ratio.p]).all()


def test_four_pairs_still_have_an_estimate():
    assert paired_log_ratio(np.ones(4), np.full(4, 2.0)).estimate == pytest.approx(2.0)
    assert paired_difference(np.ones(4), np.full(4, 2.0)).estimate == 1.0


@pytest.mark.parametrize(
    ("b", "reason"), [([0.5] * 4, "fewer than 5 pairs"), ([np.nan] * 5, "not finite"), ([], "not")]
)
def test_a_difference_that_would_mislead_has_no_interval(b, reason):
    found = paired_difference(np.ones(len(b)), np.array(b))
    assert reason in found.suppressed
    assert np.isnan([found.low, found.high, found.p]).all()


def test_a_grid_is_as_heavy_in_each_of_its_cells(rng):
    cells = [(rng.lognormal(size=6), rng.lognormal(size=6)) for _ in range(10)]
    blocks = np.mean([np.log(b / a) for a, b in cells], axis=0)
    oracle = DescrStatsW(blocks)
    ratio = overall_ratio(cells)
    assert ratio.estimate == pytest.approx(np.exp(oracle.mean))
    assert (ratio.low, ratio.high) == pytest.approx(tuple(np.exp(oracle.tconfint_mean())))


def test_a_grid_sees_what_none_of_its_cells_does(rng):
    cells = [(rng.lognormal(0.0, 0.1, 5), rng.lognormal(0.1, 0.1, 5)) for _ in range(40)]
    alone = [paired_log_ratio(a, b).p for a, b in cells]
    assert overall_ratio(cells).p < 1e-3 < min(alone)


def test_cells_of_other_repetitions_are_not_averaged():
    cells = [(np.ones(5), np.ones(5)), (np.ones(6), np.ones(6))]
    assert "same repetitions" in overall_ratio(cells).suppressed
