import numpy as np
import pytest
from scipy import stats

from analysis.sweep.cells import cells_of
from analysis.sweep.laws import compare_laws
from tests.analysis.sweep.made import changed, made_runs


def poisson_is_slower(_arm, law, _spin_s, _rate_rps, repetition):
    return (1.2 if law == "poisson" else 1.0) * (1 + 0.001 * repetition)


def compared(runs):
    return compare_laws(runs, cells_of(runs))


def test_the_ratio_over_the_grid_is_found():
    laws = compared(made_runs(poisson_is_slower))
    assert laws.mean.estimate == pytest.approx(1.2)
    assert laws.p99.estimate == pytest.approx(1.2)
    assert laws.cells == 6


def test_the_interval_is_that_of_a_t_test_over_repetitions():
    rng = np.random.default_rng(5)
    noisy = made_runs(lambda *cell: poisson_is_slower(*cell) * float(np.exp(rng.normal(0, 0.05))))
    logs = np.log(noisy.set_index(["law", "spin_s", "rate_rps", "repetition"])["mean_s"])
    per_repetition = (logs["poisson"] - logs["uniform"]).groupby("repetition").mean()
    expected = np.exp(stats.ttest_1samp(per_repetition, 0.0).confidence_interval(0.95))
    mean = compared(noisy).mean
    assert (mean.low, mean.high) == pytest.approx(tuple(expected))


def test_a_cell_in_overload_under_one_law_is_in_no_ratio_and_is_counted():
    runs = made_runs(lambda *cell: 50.0 if cell[1:4] == ("poisson", 0.2, 20.0) else 1.0)
    runs = changed(runs, runs["slowdown_mean"].eq(50.0), **{"class": "overload"})
    laws = compared(runs)
    assert laws.mean.estimate == pytest.approx(1.0)
    assert (laws.cells, laws.only_poisson_fails) == (5, 1)
    assert laws.by_cell["ratio"].isna().sum() == 1


def test_holm_asks_more_of_each_cell_than_one_test_would():
    rng = np.random.default_rng(6)
    laws = compared(made_runs(lambda *_: float(np.exp(rng.normal(0, 0.05)))))
    assert (laws.by_cell["p_holm"] >= laws.by_cell["p"]).all()


def test_an_interrupted_block_costs_no_cell():
    runs = made_runs(poisson_is_slower, repetitions=6)
    begun = runs["repetition"].eq(6) & runs["rate_rps"].gt(5.0)
    laws = compared(changed(runs, begun, usable=False, **{"class": "missing"}))
    assert (laws.cells, laws.mean.pairs) == (6, 5)


def test_one_law_alone_is_compared_with_nothing():
    assert compared(made_runs(poisson_is_slower, laws=("poisson",))) is None


def test_few_repetitions_give_a_ratio_and_no_interval():
    mean = compared(made_runs(poisson_is_slower, repetitions=3)).mean
    assert mean.estimate == pytest.approx(1.2)
    assert "fewer than 5" in mean.suppressed
