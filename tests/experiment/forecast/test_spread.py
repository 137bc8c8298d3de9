"""Precision that repetitions would give, against scipy's interval."""

import math

import numpy as np
import pytest
from scipy import stats

from experiment.forecast.spread import half_width_share, repetitions_for, spread_of

VALUES = [1.0, 1.2, 0.9, 1.05, 1.1]


def test_the_half_width_of_as_many_repetitions_is_that_of_students_t():
    low, high = stats.t.interval(0.95, 4, np.mean(VALUES), stats.sem(VALUES))

    expected = (high - low) / 2 / np.mean(VALUES)
    assert half_width_share(spread_of(VALUES), 5) == pytest.approx(expected)


def test_runs_four_times_as_long_halve_it():
    spread = spread_of(VALUES)

    assert half_width_share(spread, 5, 4.0) == pytest.approx(half_width_share(spread, 5) / 2)


def test_the_repetitions_that_are_needed_are_the_fewest_that_do():
    spread = spread_of(VALUES)
    needed = repetitions_for(spread, 0.05)

    assert half_width_share(spread, needed) <= 0.05 < half_width_share(spread, needed - 1)


def test_fewer_than_five_are_never_enough():
    assert repetitions_for(spread_of([1.0, 1.0, 1.0]), 0.05) == 5


@pytest.mark.parametrize("values", [[1.0, math.inf], [1.0], [math.nan, 1.0]])
def test_what_is_not_finite_has_no_precision(values):
    spread = spread_of(values)

    assert math.isnan(half_width_share(spread, 5))
    assert repetitions_for(spread, 0.05) is None
