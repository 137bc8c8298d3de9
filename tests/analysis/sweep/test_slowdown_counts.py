import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sweep.slowdown_counts import count_slowdowns

SLOWDOWNS = st.lists(st.floats(0.5, 1000) | st.just(np.inf), min_size=1, max_size=60)


@given(SLOWDOWNS, SLOWDOWNS)
def test_pooling_two_runs_is_counting_their_calls_together(one, other):
    pooled = count_slowdowns(np.array(one)).plus(count_slowdowns(np.array(other)))
    assert pooled == count_slowdowns(np.array(one + other))


@given(SLOWDOWNS)
def test_quantiles_of_the_counts_are_those_of_the_calls_to_one_per_cent(slowdowns):
    curve = count_slowdowns(np.array(slowdowns)).distribution()
    exact = np.quantile(slowdowns, [0.1, 0.5, 0.9, 0.99], method="inverted_cdf")
    for quantile, value in zip([0.1, 0.5, 0.9, 0.99], exact, strict=True):
        reached = curve.loc[curve["share"] >= quantile - 1e-12, "value"]
        assert np.isinf(value) == reached.empty
        assert reached.empty or reached.iloc[0] == pytest.approx(value, rel=0.0101)


def test_calls_that_failed_end_the_curve_below_one():
    curve = count_slowdowns(np.array([1.0, 1.0, 1.0, np.inf])).distribution()
    assert curve["share"].max() == 0.75
    assert curve["share_beyond"].min() == 0.25


def test_a_curve_of_calls_that_are_all_alike_begins_at_nothing():
    assert count_slowdowns(np.ones(9)).distribution()["share"].tolist() == [0.0, 1.0]
