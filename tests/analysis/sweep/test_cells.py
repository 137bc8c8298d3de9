import numpy as np
import pytest
from scipy import stats

from analysis.sweep.cells import cells_of
from tests.analysis.sweep.made import changed, made_runs


def only_cell(runs):
    return cells_of(runs).iloc[0]


def one_cell(slowdown=lambda *cell: 1 + 0.1 * cell[4], **made):
    return made_runs(slowdown, rates_rps=(5.0,), spins_s=(0.1,), laws=("poisson",), **made)


def test_a_cell_is_the_mean_of_its_repetitions_with_students_interval():
    runs = one_cell()
    expected = stats.t.interval(0.95, 4, loc=runs["mean_s"].mean(), scale=stats.sem(runs["mean_s"]))
    cell = only_cell(runs)
    assert (cell["mean_s_low"], cell["mean_s_high"]) == pytest.approx(expected)


def test_a_p99_that_one_repetition_did_not_reach_is_not_reached():
    runs = one_cell()
    cell = only_cell(changed(runs, runs["repetition"].eq(2), p99_s=np.inf))
    assert np.isinf(cell["p99_s"])


def test_failed_calls_make_a_bound_without_interval():
    runs = one_cell()
    cell = only_cell(changed(runs, runs["repetition"].eq(2), mean_bound_s=10.0))
    assert cell["bound"]
    assert np.isnan(cell["mean_s_low"])


def test_overload_has_no_average_of_its_own():
    runs = one_cell()
    cell = only_cell(changed(runs, runs["repetition"].eq(2), **{"class": "overload"}))
    assert cell["bound"]
    assert cell["class"] == "overload"


def test_a_run_that_is_not_usable_is_in_no_number():
    runs = one_cell()
    bad = runs["repetition"].eq(2)
    cell = only_cell(changed(runs, bad, usable=False, mean_s=99.0, **{"class": "invalid"}))
    assert cell["mean_s"] < 1.0
    assert (cell["repetitions"], cell["planned_runs"], cell["class"]) == (4, 5, "stable")


def test_a_cell_without_a_usable_run_is_still_a_row():
    runs = one_cell()
    cell = only_cell(changed(runs, [True] * 5, usable=False, **{"class": "missing"}))
    assert (cell["class"], cell["repetitions"]) == ("missing", 0)
    assert np.isnan(cell["mean_s"])
