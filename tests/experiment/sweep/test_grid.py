from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiment.sweep.grid import cells_of, is_overload, plan_runs, rho_of, run_seed
from experiment.sweep.spec import read_spec, spec_from
from records.sweeps.planned import Cell

TWO_ARMS = spec_from(
    {
        "name": "two",
        "rates_rps": [2, 4, 8],
        "spins": ["100ms", "500ms"],
        "duration": "60s",
        "warm_up": "12s",
        "repetitions": 3,
        "arms": [{"name": "a"}, {"name": "b"}],
        "probe": "20s",
    },
    "two",
)
CORES = {"a": 2.0, "b": None}
RUNS = plan_runs(TWO_ARMS, 7, CORES)


def test_the_seeds_grid_is_200_cells_and_40_hours():
    runs = plan_runs(read_spec("seed"), 1, {"as-is": None})
    assert len(cells_of(read_spec("seed"))) == len(runs) == 200
    assert sum(run.duration_s for run in runs) == 40 * 3600
    assert {run.warm_up_s for run in runs} == {240.0}
    assert {run.cell.rate_rps for run in runs} == set(range(5, 55, 5))


def test_quick_takes_minutes_and_has_two_laws_two_spins_rates_and_an_overload():
    runs = plan_runs(read_spec("quick"), 1, {"as-is": 1.0})
    assert sum(run.duration_s for run in runs) <= 10 * 60
    assert len({run.cell.law for run in runs}) == len({run.cell.spin_s for run in runs}) == 2
    assert len({run.cell.rate_rps for run in runs}) >= 3
    assert max(run.repetition for run in runs) == 5
    assert max(run.rho for run in runs) > 1 > min(run.rho for run in runs)


@given(seed=st.integers(0, 2**64 - 1))
def test_every_block_is_complete_whatever_the_seed(seed):
    runs = plan_runs(TWO_ARMS, seed, CORES)
    assert [run.index for run in runs] == list(range(len(runs)))
    assert [run.block for run in runs] == sorted(run.block for run in runs)
    assert len({run.run_id for run in runs}) == len(runs) == 72
    for block in (1, 2, 3):
        there = Counter((run.cell, run.arm) for run in runs if run.block == block)
        assert set(there.values()) == {1}
        assert len(there) == 24


def test_blocks_and_seeds_have_orders_of_their_own_and_the_same_seed_has_the_same():
    def order(seed, block):
        return [
            (run.cell, run.arm) for run in plan_runs(TWO_ARMS, seed, CORES) if run.block == block
        ]

    assert order(7, 1) != order(7, 2)
    assert order(7, 1) != order(8, 1)
    assert plan_runs(TWO_ARMS, 7, CORES) == RUNS


def test_every_place_in_a_block_is_as_likely_for_a_run():
    def place(seed):
        runs = plan_runs(TWO_ARMS, seed, CORES)[:24]
        return [run.run_id for run in runs].index("poisson-4rps-100ms-b-r1")

    places = np.bincount([place(seed) for seed in range(480)], minlength=24)
    assert stats.chisquare(places).pvalue > 1e-3


def test_arms_and_laws_of_one_repetition_share_a_seed_and_all_else_has_its_own():
    shared = {}
    for run in RUNS:
        key = (run.cell.rate_rps, run.cell.spin_s, run.repetition)
        shared.setdefault(key, set()).add(run.seed)
    assert all(len(seeds) == 1 for seeds in shared.values())
    assert len(set.union(*shared.values())) == len(shared)


def test_another_sweep_has_other_seeds_and_all_are_exact_in_json():
    cell = Cell(5.0, "poisson", 0.1)
    seeds = {run_seed(seed, cell, repetition) for seed in range(50) for repetition in range(20)}
    assert len(seeds) == 1000
    assert max(seeds) < 2**53


def test_an_overload_is_probed_with_the_same_share_of_warm_up_and_others_run_whole():
    for run in RUNS:
        overloaded = run.rho is not None and run.rho >= 1
        assert run.overload == ("probe" if overloaded else "run")
        assert (run.duration_s, run.warm_up_s) == ((20.0, 4.0) if overloaded else (60.0, 12.0))
    assert {run.overload for run in RUNS} == {"run", "probe"}


@pytest.mark.parametrize("rule", ["run", "skip"])
def test_an_overload_is_run_whole_or_skipped_as_asked(rule):
    spec = spec_from({**TWO_ARMS.as_mapping(), "overload": rule}, "two")
    marked = {run.overload for run in plan_runs(spec, 7, CORES) if (run.rho or 0) >= 1}
    assert marked == {rule}


@pytest.mark.parametrize(
    ("cell", "cores", "expected"),
    [
        (Cell(100.0, "poisson", 0.29), 29, True),
        (Cell(10.0, "poisson", 0.1), 1, True),
        (Cell(9.9, "poisson", 0.1), 1, False),
        (Cell(1e6, "poisson", 0.1), None, False),
    ],
)
def test_a_load_of_as_many_cores_as_there_are_is_an_overload(cell, cores, expected):
    assert is_overload(rho_of(cell, cores)) is expected


def test_the_load_over_the_cores_is_rate_times_spin_over_them():
    assert rho_of(Cell(20.0, "poisson", 0.3), 8) == pytest.approx(0.75)
    assert rho_of(Cell(20.0, "poisson", 0.3), None) is None
