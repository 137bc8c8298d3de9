import math

import numpy as np
import pytest

from verdict.steps import (
    clipped,
    intervals_where,
    joined,
    length_s,
    overlap_s,
    steps_of,
    total_of,
)

STAIRS = steps_of([(0.0, 1.0), (2.0, 3.0), (2.5, 3.0), (5.0, 0.0)])


@pytest.mark.parametrize(
    ("t_s", "value"), [(-0.1, math.nan), (0.0, 1.0), (1.99, 1.0), (2.0, 3.0), (9.0, 0.0)]
)
def test_a_value_holds_from_its_moment_to_the_next(t_s, value):
    assert STAIRS.at_one(t_s) == pytest.approx(value, nan_ok=True)


def test_a_change_to_the_same_value_is_none():
    assert STAIRS.at_s.tolist() == [0.0, 2.0, 5.0]


def test_of_several_values_at_one_moment_the_last_holds():
    assert steps_of([(1.0, 4.0), (1.0, 6.0)]).at_one(1.0) == 6.0


def test_the_area_is_value_times_seconds():
    assert STAIRS.area(1.0, 6.0) == pytest.approx(1 * 1 + 3 * 3 + 0 * 1)
    assert STAIRS.area(3.0, 3.0) == 0.0


def test_an_area_is_not_known_where_the_value_is_not():
    assert math.isnan(STAIRS.area(-1.0, 2.0))


def test_the_area_is_that_of_a_fine_sum():
    rng = np.random.default_rng(3)
    at_s = np.sort(rng.uniform(0, 50, 40))
    values = rng.integers(0, 9, 40).astype(float)
    steps = steps_of([(0.0, 2.0), *zip(at_s.tolist(), values.tolist(), strict=True)])
    fine_s = np.arange(10.0, 40.0, 0.001) + 0.0005
    assert steps.area(10.0, 40.0) == pytest.approx(0.001 * steps.at(fine_s).sum(), rel=1e-3)


def test_the_largest_value_is_that_inside_the_interval():
    assert STAIRS.largest(0.0, 2.0) == 1.0
    assert STAIRS.largest(-5.0, 3.0) == 3.0


def test_keys_add_up_each_with_its_latest_value():
    total = total_of([(0.0, "a", 1.0), (1.0, "b", 2.0), (2.0, "a", 0.0)])
    assert total.values.tolist() == [1.0, 3.0, 2.0]


def test_intervals_end_where_it_holds_no_more():
    holds = np.array([True, True, False, True])
    assert intervals_where(np.array([0.0, 1.0, 2.0, 5.0]), holds, 9.0) == [(0.0, 2.0), (5.0, 9.0)]


def test_an_interval_that_would_begin_after_the_end_is_none():
    assert intervals_where(np.array([5.0]), np.array([True]), 4.0) == []


def test_intervals_that_touch_become_one():
    assert joined([(3.0, 5.0), (0.0, 1.0), (1.0, 2.0), (4.0, 9.0)]) == [(0.0, 2.0), (3.0, 9.0)]


def test_intervals_are_cut_at_the_bounds():
    assert clipped([(0.0, 2.0), (3.0, 9.0), (10.0, 11.0)], 1.0, 5.0) == [(1.0, 2.0), (3.0, 5.0)]
    assert length_s([(1.0, 2.0), (3.0, 5.0)]) == 3.0


@pytest.mark.parametrize(
    ("from_s", "to_s", "overlap"),
    [(0, 1, 0), (0, 3, 1), (2.5, 3.5, 1), (0, 99, 5), (4.5, 7, 1), (0, math.inf, 5), (20, 30, 0)],
)
def test_the_overlap_is_the_time_inside_intervals(from_s, to_s, overlap):
    intervals = [(2.0, 4.0), (6.0, 9.0)]
    assert overlap_s(intervals, np.array([from_s]), np.array([to_s])) == pytest.approx([overlap])


def test_without_intervals_nothing_overlaps():
    assert overlap_s([], np.array([0.0]), np.array([5.0])).tolist() == [0.0]
