import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from analysis.statistics.families import holm


@pytest.mark.parametrize("count", [1, 2, 50])
def test_holm_is_that_of_statsmodels(rng, count):
    p = rng.random(count) ** 3
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_equal_p_values_stay_equal():
    assert holm(np.array([0.01, 0.01, 0.01])) == pytest.approx([0.03] * 3)


def test_a_test_that_was_not_made_does_not_count():
    adjusted = holm(np.array([0.02, np.nan, 0.03]))
    assert adjusted[[0, 2]] == pytest.approx(multipletests([0.02, 0.03], method="holm")[1])
    assert np.isnan(adjusted[1])


def test_no_tests_need_no_correction():
    assert len(holm(np.array([]))) == 0
