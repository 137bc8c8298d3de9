import math

import pytest

from analysis.metrics.model_gap import QUANTITIES, Outcome, model_gap

MODEL = Outcome(2.0, 3.0, 1.0, 2, 0.1, 0.3, 1.2, 0.0, 0.4)
REAL = Outcome(2.5, 3.0, 1.2, 2, 0.12, math.inf, 1.5, 0.1, math.nan)


@pytest.fixture
def gap():
    return model_gap(MODEL, REAL).set_index("quantity")


def test_the_gap_is_what_was_measured_less_what_was_modelled(gap):
    row = gap.loc["latency p50"]
    assert (row["gap"], row["ratio"]) == pytest.approx((0.02, 1.2))


def test_there_is_a_row_for_each_quantity(gap):
    assert list(gap.index) == [said for _, said, _ in QUANTITIES]


@pytest.mark.parametrize("quantity", ["latency p99", "pod-seconds per success"])
def test_what_is_not_known_or_not_reached_has_no_gap(gap, quantity):
    assert gap.loc[quantity, ["gap", "ratio"]].isna().all()


def test_nothing_is_divided_by_a_model_that_says_nothing_happens(gap):
    row = gap.loc["cold-affected calls"]
    assert row["gap"] == pytest.approx(0.1)
    assert math.isnan(row["ratio"])
