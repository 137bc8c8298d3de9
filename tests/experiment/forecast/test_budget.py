"""What is chosen to be modelled."""

import pytest

from experiment.forecast.budget import model_plan, thinned
from experiment.sweep.presets import SEED
from tests.experiment.forecast.asking import setting, sweep_rows


@pytest.fixture(scope="module")
def grid():
    return [one for one, _ in sweep_rows(SEED)]


def test_what_fits_is_modelled_at_its_full_length(grid):
    plan = model_plan(grid, 720.0, 240.0, 1e9)

    assert (len(plan.settings), plan.duration_s, plan.warm_up_s) == (200, 720.0, 240.0)


def test_else_runs_are_shorter_before_cells_are_fewer(grid):
    plan = model_plan(grid, 720.0, 240.0, 30e6)

    assert (len(plan.settings), plan.duration_s, plan.warm_up_s) == (200, 360.0, 120.0)


def test_else_cells_are_fewer_and_still_span_the_grid(grid):
    plan = model_plan(grid, 720.0, 240.0, 1.3e6)
    cells = [one.cell for one in plan.settings]

    assert 8 <= len(cells) < 40
    assert {cell.law for cell in cells} == {"uniform", "poisson"}
    assert {5.0, 50.0} <= {cell.rate_rps for cell in cells} or len({c.rate_rps for c in cells}) == 1
    assert {0.1, 1.0} <= {cell.spin_s for cell in cells}


def test_runs_are_never_longer_than_asked_for(grid):
    plan = model_plan(grid[:1], 8.0, 2.0, 10.0)

    assert (plan.duration_s, plan.warm_up_s) == (8.0, 2.0)


def test_nothing_is_modelled_where_one_cell_is_too_much():
    one = setting("--rps", "100000", "--service-time", "1ms", "--duration", "10s")

    assert model_plan([one], 10.0, 0.0, 1e5).settings == ()


@pytest.mark.parametrize("most", [1, 2, 5, 20, 199])
def test_thinning_keeps_within_the_limit(grid, most):
    kept = thinned(grid, lambda some: len(some) <= most)

    assert len(kept) <= most
    assert len(kept) >= most // 4
