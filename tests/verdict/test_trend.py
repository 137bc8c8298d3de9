import numpy as np
import pytest
from scipy import stats

from verdict.trend import mann_kendall_p, mser_cut, theil_sen_slope


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(3).normal(10, 1, 30)


def test_the_slope_is_scipys(noise):
    values = noise + 0.1 * np.arange(30)
    assert theil_sen_slope(values) == pytest.approx(stats.theilslopes(values).slope)


@pytest.mark.parametrize("slope", [0.0, 0.02, 0.05, 0.2], ids=["none", "faint", "some", "steep"])
def test_the_trend_test_is_near_kendalls_tau_test(noise, slope):
    values = noise + slope * np.arange(30)
    expected = stats.kendalltau(np.arange(30), values, method="asymptotic").pvalue
    assert mann_kendall_p(values) == pytest.approx(expected, rel=0.35, abs=0.02)


def test_a_series_that_never_changes_has_no_trend():
    assert mann_kendall_p(np.ones(20)) == 1.0


def test_mser_cuts_off_the_transient_at_least(noise):
    noise[:5] += 40
    assert 5 <= mser_cut(noise) < 15


def test_mser_cuts_at_most_half():
    assert mser_cut(np.arange(20.0)) == 10
