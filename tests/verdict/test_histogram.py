import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verdict.histogram import Histogram

times_s = st.lists(st.floats(0, 3600, allow_nan=False), min_size=1, max_size=200)


def filled(values: list[float], infinite: int = 0) -> Histogram:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    for _ in range(infinite):
        histogram.add_infinite()
    return histogram


@given(times_s, st.sampled_from([0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0]))
def test_quantiles_are_numpys_to_a_tenth_of_a_percent(values, q):
    exact = float(np.quantile(values, q, method="inverted_cdf"))
    assert filled(values).quantile(q) == pytest.approx(exact, rel=1e-3, abs=0.6e-6)


@given(times_s, times_s, st.integers(0, 5))
def test_merging_is_the_same_as_adding_everything_in_one_place(first, second, infinite):
    merged = filled(first, infinite)
    merged.merge(filled(second))
    whole = filled(first + second, infinite)
    assert merged.counts == whole.counts
    assert (merged.finite, merged.infinite) == (whole.finite, whole.infinite)
    assert merged.max_s == whole.max_s
    assert merged.sum_s == pytest.approx(whole.sum_s)


@given(times_s, st.integers(0, 5))
def test_it_survives_a_message(values, infinite):
    histogram = filled(values, infinite)
    back = Histogram.from_dict(json.loads(json.dumps(histogram.to_dict())))
    assert back.to_dict() == histogram.to_dict()
    assert back.total == histogram.total


def test_failures_count_as_infinite_in_quantiles():
    histogram = filled([0.1] * 97, infinite=3)
    assert histogram.quantile(0.5) == pytest.approx(0.1)
    assert histogram.quantile(0.97) == pytest.approx(0.1)
    assert histogram.quantile(0.99) == math.inf


def test_there_is_no_mean_of_survivors():
    assert filled([0.1, 0.2], infinite=1).mean_s == math.inf


def test_an_empty_one_has_no_quantile_and_no_mean():
    assert math.isnan(Histogram().quantile(0.5))
    assert math.isnan(Histogram().mean_s)


def test_a_time_below_zero_counts_as_zero():
    assert filled([-0.5]).quantile(1.0) == 0.0


def test_a_day_counts_as_an_hour_so_that_memory_is_bounded():
    assert filled([86_400.0]).counts == filled([3_600.0]).counts


def test_the_share_above_a_time_counts_the_failed_calls():
    assert filled([0.1, 0.2, 0.3], infinite=1).share_above(0.25) == 0.5
