import numpy as np
import pytest
import statsmodels.api as sm

from analysis.sweep.cells import cells_of
from analysis.sweep.trends import rise_with, steeper_under
from tests.analysis.sweep.made import changed, made_runs


def rising(_arm, law, spin_s, rate_rps, _repetition):
    """A rise by 2^0.3 for twice the rate under Poisson, by 2^0.1 under uniform."""
    return (rate_rps / 5) ** (0.3 if law == "poisson" else 0.1) * (spin_s / 0.1) ** 0.5


def shaken(seed):
    rng = np.random.default_rng(seed)
    return lambda *cell: rising(*cell) * float(np.exp(rng.normal(0, 0.02)))


@pytest.mark.parametrize(("axis", "factor"), [("rate_rps", 2**0.2), ("spin_s", 2**0.5)])
def test_the_factor_of_a_doubling_is_found(axis, factor):
    runs = made_runs(rising)
    trend = rise_with(runs, cells_of(runs), axis)
    assert trend.factor == pytest.approx(factor)
    assert trend.low == pytest.approx(factor)


def test_the_slope_of_a_line_is_that_of_ordinary_least_squares():
    runs = made_runs(shaken(3), laws=("poisson",), spins_s=(0.1,))
    slopes = [
        sm.OLS(np.log(own["slowdown_mean"]), sm.add_constant(np.log(own["rate_rps"]))).fit().params
        for _, own in runs.groupby("repetition")
    ]
    expected = 2 ** np.mean([slope["rate_rps"] for slope in slopes])
    assert rise_with(runs, cells_of(runs), "rate_rps").factor == pytest.approx(expected)


def test_the_interval_covers_the_truth_of_noisy_runs_and_is_not_empty():
    runs = made_runs(shaken(4))
    trend = rise_with(runs, cells_of(runs), "rate_rps")
    assert trend.low < 2**0.2 < trend.high
    assert trend.low < trend.factor < trend.high


def test_cells_that_are_not_stable_play_no_part():
    runs = made_runs(lambda *cell: 1000.0 if cell[3] == 20.0 else rising(*cell))
    runs = changed(runs, runs["rate_rps"].eq(20.0), **{"class": "overload"})
    assert rise_with(runs, cells_of(runs), "rate_rps").factor == pytest.approx(2**0.2)


def test_one_point_is_no_line():
    runs = made_runs(rising, rates_rps=(5.0,))
    trend = rise_with(runs, cells_of(runs), "rate_rps")
    assert (trend.lines, trend.suppressed) == (0, "no two stable cells on one line")


def test_too_few_repetitions_give_a_factor_and_no_interval():
    runs = made_runs(rising, repetitions=2)
    trend = rise_with(runs, cells_of(runs), "rate_rps")
    assert trend.factor == pytest.approx(2**0.2)
    assert np.isnan(trend.low)
    assert "fewer than 5" in trend.suppressed


def test_two_laws_are_compared_on_the_same_points():
    runs = made_runs(rising)
    trend = steeper_under(runs, cells_of(runs), "rate_rps", ("uniform", "poisson"))
    assert trend.factor == pytest.approx(2**0.2)
    assert trend.lines == 2
