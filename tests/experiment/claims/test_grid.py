"""The grid on several systems."""

import pytest

from experiment.claims.grid import simulated_runs, spec_of
from experiment.claims.systems import FIXED, SCALED, SYSTEMS, WALL, System

SMALL = {"rates_rps": [5, 10], "spins": ["100ms"], "duration": "60s", "warm_up": "20s"}
TWO = (System("fixed-8", FIXED, 8, 1), System("cc1-8", SCALED, 8, 1))


@pytest.fixture(scope="module")
def runs():
    return simulated_runs(TWO, spec_of(TWO, 2, **SMALL))


def test_every_system_meets_every_cell_as_often_as_asked(runs):
    assert len(runs) == 2 * 2 * 2 * 2
    assert (runs.groupby(["arm", "law", "rate_rps"]).size() == 2).all()


def test_all_systems_meet_the_same_arrivals(runs):
    counts = runs.groupby(["law", "rate_rps", "repetition"])["sent"].nunique()

    assert (counts == 1).all()


def test_a_part_of_the_grid_is_what_the_whole_has_there(runs):
    part = simulated_runs(TWO[1:], spec_of(TWO[1:], 1, **{**SMALL, "rates_rps": [10]}))
    whole = runs[runs["arm"].eq("cc1-8") & runs["rate_rps"].eq(10) & runs["repetition"].eq(1)]

    columns = ["law", "mean_s", "p99_s", "pods"]
    ours, theirs = (rows[columns].sort_values("law").to_dict("list") for rows in (part, whole))
    assert ours == theirs


def test_the_grid_is_the_originals():
    spec = spec_of(SYSTEMS, 5)

    assert len(spec.rates_rps) * len(spec.laws) * len(spec.spins_s) == 200
    assert (spec.duration_s, spec.warm_up_s) == (720.0, 240.0)


def test_systems_are_fixed_and_scaled_on_2_16_and_64_cores_and_the_originals_own():
    kinds = {(system.kind, system.concurrency, system.cores) for system in SYSTEMS}

    assert kinds == {
        *((FIXED, 1, cores) for cores in (2, 16, 64)),
        *((SCALED, 1, cores) for cores in (2, 16, 64)),
        *((SCALED, 0, cores) for cores in (2, 16, 64)),
        (WALL, 0, 2),
    }
