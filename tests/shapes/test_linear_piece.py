"""The times of a straight piece never go back, and are inverted to the last nano-unit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.linear_piece import nano_to_pass, seconds_after
from shapes.operational_time import MAX_NANO, NANO

rates = st.one_of(st.just(0.0), st.floats(1e-3, 1e6))
lengths = st.floats(1e-3, 1e5)
starts = st.floats(0.0, 1e5)


@st.composite
def pieces(draw):
    """A rate, a slope and a length over which at most 1e9 arrivals are expected, and some are."""
    rate, end_rate = draw(rates), draw(rates)
    length_s = min(draw(lengths), 1e9 / max(rate, end_rate, 1.0))
    slope = (end_rate - rate) / length_s
    # Rounding may leave a fall to 0 just below it: past 0 the rate is not one.
    return max(rate, 1e-3) if slope == 0 else rate, max(slope, -rate / length_s), length_s


def passing(rate, slope, start_s, end_s):
    return int(nano_to_pass(*(np.array([value]) for value in (rate, slope, start_s, end_s)))[0])


def time_of(rate, slope, start_s, nano):
    return start_s + float(seconds_after(rate, slope, np.array([nano]))[0])


@given(pieces(), st.integers(0, 10**17), st.integers(1, 10**4))
def test_a_later_arrival_never_has_an_earlier_time(piece, nano, step):
    rate, slope, _ = piece
    run = nano + np.arange(200, dtype=np.int64) * step
    times = seconds_after(rate, slope, run)
    assert np.all(times[1:] >= times[:-1])


@given(pieces(), starts)
def test_the_nano_units_before_a_time_are_exactly_those_whose_time_is_earlier(piece, start_s):
    rate, slope, length_s = piece
    end_s = start_s + length_s
    nano = passing(rate, slope, start_s, end_s)
    assert nano < MAX_NANO
    assert time_of(rate, slope, start_s, nano) >= end_s
    assert nano == 0 or time_of(rate, slope, start_s, nano - 1) < end_s


@given(pieces())
def test_the_nano_units_of_a_piece_are_its_area(piece):
    rate, slope, length_s = piece
    area = rate * length_s + slope * length_s**2 / 2
    assert passing(rate, slope, 0.0, length_s) / NANO == pytest.approx(area, rel=1e-12, abs=3e-9)


@given(pieces(), st.floats(0.001, 0.999))
def test_the_time_of_an_arrival_solves_the_quadratic(piece, share):
    rate, slope, length_s = piece
    t = length_s * share
    nano = round((rate * t + slope * t * t / 2) * NANO)
    found = time_of(rate, slope, 0.0, nano)
    # Half a nano-unit of rounding, seen through the rate at that time.
    assert found == pytest.approx(t, rel=1e-9, abs=1e-9 / (rate + slope * t))


def test_an_idle_piece_holds_no_arrival():
    assert passing(0.0, 0.0, 5.0, 15.0) == 0
    assert seconds_after(0.0, 0.0, np.array([0, NANO])).tolist() == [math.inf, math.inf]


def test_the_first_nano_unit_of_a_piece_comes_at_its_start():
    for rate, slope in ((2.0, 0.0), (0.0, 2.0), (2.0, 3.0), (2.0, -1.0)):
        assert time_of(rate, slope, 7.0, 0) == 7.0


def test_what_never_passes_is_said_to_pass_where_numbers_end():
    assert passing(1e6, 0.0, 0.0, 1e300) == MAX_NANO


def test_many_pieces_are_inverted_as_each_alone():
    pieces = [(5.0, 0.0), (0.0, 0.0), (0.0, 2.0), (9.0, -1.0), (1.0, 4.0)]
    rates_rps, slopes_rps = np.array(pieces).T
    starts_s = np.arange(5.0)
    together = nano_to_pass(rates_rps, slopes_rps, starts_s, starts_s + 1)
    assert together.tolist() == [
        passing(r, s, t, t + 1) for (r, s), t in zip(pieces, starts_s, strict=True)
    ]
