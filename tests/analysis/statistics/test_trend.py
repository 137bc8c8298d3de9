import numpy as np
import pytest
from scipy import stats

from analysis.statistics.trend import mann_kendall, theil_sen


def test_the_slope_is_that_of_scipy(rng):
    values = np.arange(40) * 0.3 + rng.normal(size=40)
    assert theil_sen(values) == pytest.approx(stats.theilslopes(values).slope)


def test_the_test_agrees_with_kendalls_tau(rng):
    values = np.arange(40) * 0.02 + rng.normal(size=40)
    oracle = stats.kendalltau(np.arange(40), values, method="asymptotic").pvalue
    assert mann_kendall(values) == pytest.approx(oracle, rel=0.1)
