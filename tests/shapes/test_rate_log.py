import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.errors import InvalidValue
from shapes.operational_time import NANO
from shapes.rate_log import MAX_SEGMENTS, RateLog, RateSegment
from tests.shapes.strategies import rate_logs

RAMP_AND_HOLD = RateLog((RateSegment(0.0, 0.0, 50 / 60), RateSegment(60.0, 50.0)))
times = st.floats(0.0, 40.0)


def constant(rate_rps):
    return RateLog((RateSegment(0.0, rate_rps),))


@given(rate_logs(), times)
def test_the_integral_is_the_area_under_the_rate(log, t_s):
    corners = [s.start_s for s in log.segments if s.start_s < t_s]
    # Along a straight line the mean rate is the one in the middle.
    area = sum(log.rate_at((a + b) / 2) * (b - a) for a, b in itertools.pairwise([*corners, t_s]))
    assert log.integral(t_s) == pytest.approx(area, rel=1e-6, abs=1e-6)


@given(rate_logs(), st.lists(times, min_size=1, max_size=20))
def test_the_integral_of_an_array_is_that_of_its_elements(log, t_s):
    assert log.integral(np.array(t_s)).tolist() == [log.integral(t) for t in t_s]


def test_nothing_is_expected_before_the_epoch():
    assert constant(5.0).integral(-3.0) == 0


@given(rate_logs(), st.lists(st.floats(0.0, 3000.0), max_size=20))
def test_the_integral_undoes_the_inverse_where_it_is_reached(log, expected):
    seconds = log.inverse(expected)
    reached = np.isfinite(seconds)
    assert log.integral(seconds[reached]) == pytest.approx(np.array(expected)[reached], abs=1e-4)


def test_the_inverse_keeps_shape_and_order_and_marks_what_is_never_reached():
    log = RateLog((RateSegment(0.0, 2.0), RateSegment(5.0, 0.0)))
    found = log.inverse(np.array([[9.0, 1.0], [10.0, math.inf]]))
    assert found.tolist() == [[4.5, 0.5], [math.inf, math.inf]]


@given(rate_logs(), st.lists(st.integers(0, 3000 * NANO), min_size=2, max_size=50))
def test_times_never_go_back_over_all_pieces(log, nano):
    found = log.times_s(np.sort(np.array(nano)))
    assert np.all(found[1:] >= found[:-1])


@given(rate_logs(), times, st.integers(-3, 3))
def test_an_operational_time_is_before_a_second_exactly_when_its_own_second_is(log, t_s, offset):
    limit = log.nano_at(t_s)
    nano = max(0, limit + offset)
    assert (float(log.times_s(np.array([nano]))[0]) >= t_s) == (nano >= limit)


@given(rate_logs(), st.data())
def test_every_switch_is_where_its_integral_says(log, data):
    t_s = data.draw(st.sampled_from(log.segments)).start_s
    assert log.nano_at(t_s) / NANO == pytest.approx(log.integral(t_s), abs=1e-8)


@given(rate_logs(), times, st.floats(0.0, 500.0), st.one_of(st.none(), st.floats(0.5, 50.0)))
def test_an_edit_leaves_everything_before_it_bit_for_bit(log, at_s, to_rps, ramp):
    edited = log.edited(at_s, to_rps, ramp)
    limit = log.nano_at(at_s)
    before = np.unique(np.linspace(0, max(limit - 1, 0), 500).astype(np.int64))
    before = before[before < limit]
    assert edited.nano_at(at_s) == limit
    assert edited.times_s(before).tolist() == log.times_s(before).tolist()


@given(rate_logs(), times, st.floats(0.0, 500.0))
def test_an_edit_at_once_holds_its_rate_for_ever(log, at_s, to_rps):
    edited = log.edited(at_s, to_rps, None)
    assert [edited.rate_at(t) for t in (at_s, at_s + 1, 1e9)] == [to_rps] * 3


@pytest.mark.parametrize(
    ("to_rps", "rates"),
    [(20.0, [10, 15, 20, 20]), (0.0, [10, 5, 0, 0]), (10.0, [10, 10, 10, 10])],
    ids=["up", "down-to-nothing", "nowhere"],
)
def test_a_ramped_edit_goes_straight_from_the_old_rate_to_the_new(to_rps, rates):
    edited = constant(10.0).edited(5.0, to_rps, 2.0)
    assert [edited.rate_at(t) for t in (5.0, 7.5, 10.0, 50.0)] == pytest.approx(rates)
    assert edited.rate_at(4.999) == 10


def test_an_edit_during_a_ramp_starts_from_the_rate_reached():
    edited = constant(0.0).edited(0.0, 50.0, 1.0).edited(20.0, 10.0, 2.0)
    assert edited.rate_at(20.0) == 20
    assert edited.rate_at(22.5) == 15
    assert edited.rate_at(30.0) == 10


def test_an_edit_at_the_start_of_a_piece_replaces_it():
    log = RateLog((RateSegment(0.0, 1.0), RateSegment(5.0, 2.0), RateSegment(9.0, 3.0)))
    assert log.edited(5.0, 7.0, None).to_list() == [[0.0, 1.0, 0.0], [5.0, 7.0, 0.0]]


@given(rate_logs(), times, st.floats(0.0, 10.0), times)
def test_scaling_multiplies_the_rate_from_its_time_on(log, at_s, factor, t_s):
    scaled = log.scaled_from(at_s, factor)
    expected = log.rate_at(t_s) * (factor if t_s >= at_s else 1)
    assert scaled.rate_at(t_s) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(rate_logs(), times, st.floats(0.0, 10.0))
def test_scaling_leaves_everything_before_it_bit_for_bit(log, at_s, factor):
    limit = log.nano_at(at_s)
    before = np.linspace(0, limit, 500, endpoint=False).astype(np.int64)[: min(limit, 500)]
    scaled = log.scaled_from(at_s, factor)
    assert scaled.nano_at(at_s) == limit
    assert scaled.times_s(before).tolist() == log.times_s(before).tolist()


@given(rate_logs(), st.floats(0.0, 30.0))
def test_the_peak_is_the_highest_rate_met(log, until_s):
    met = [log.rate_at(t) for t in np.linspace(0.0, until_s, 2000)]
    peak = log.peak_rps(until_s)
    assert peak >= max(met)
    corners = [s.start_s for s in log.segments[1:] if s.start_s <= until_s]
    just_before = [math.nextafter(t, 0.0) for t in corners]
    met += [log.rate_at(t) for t in (*corners, *just_before, until_s)]
    assert peak == pytest.approx(max(met), abs=1e-6)


@given(rate_logs())
def test_a_log_survives_being_written_and_read(log):
    assert RateLog.from_list(log.to_list()) == log


def test_a_log_of_whole_numbers_is_written_as_the_same_text_as_one_of_floats():
    log = RateLog((RateSegment(0, 10),))
    assert repr(log.to_list()) == repr(RateLog.from_list(log.to_list()).to_list())


def test_a_ramp_from_nothing_then_a_hold_has_no_burst_at_the_joint():
    arrivals = np.arange(1400, 1600, dtype=np.int64) * NANO
    gaps = np.diff(RAMP_AND_HOLD.times_s(arrivals))
    assert np.all(gaps >= 1 / 50 - 1e-9)
    assert np.all(np.diff(gaps) <= 1e-9)


@pytest.mark.parametrize("rate_rps", [1e-320, 1e-300, 1e-6], ids=["denormal", "tiny", "small"])
def test_a_rate_however_small_never_gives_a_time_that_is_not_one(rate_rps):
    log = constant(rate_rps)
    reached = log.nano_at(math.inf)
    assert np.isfinite(log.times_s(np.array([min(reached, 10**18) - 1]))).all()


@pytest.mark.parametrize(
    "segments",
    [
        (),
        (RateSegment(1.0, 5.0),),
        (RateSegment(0.0, -1.0),),
        (RateSegment(0.0, math.nan),),
        (RateSegment(0.0, math.inf),),
        (RateSegment(0.0, 1e7),),
        (RateSegment(0.0, 5.0, 1.0),),
        (RateSegment(0.0, 5.0, math.nan), RateSegment(1.0, 5.0)),
        (RateSegment(0.0, 5.0, -1.0), RateSegment(6.0, 0.0)),
        (RateSegment(0.0, 0.0, -1e-9), RateSegment(6.0, 0.0)),
        (RateSegment(0.0, 5.0), RateSegment(0.0, 6.0)),
        (RateSegment(0.0, 5.0), RateSegment(math.nan, 6.0)),
        (RateSegment(0.0, 5.0), RateSegment(math.inf, 6.0)),
        (RateSegment(0.0, 1e6), RateSegment(1e6, 1.0)),
        tuple(RateSegment(float(i), 1.0) for i in range(MAX_SEGMENTS + 1)),
    ],
    ids=[
        "empty", "late-start", "negative", "nan", "infinite", "too-high", "rising-for-ever",
        "nan-slope", "falls-below-0", "falls-from-0", "same-start", "nan-start", "infinite-start",
        "uncountable", "too-long",
    ],
)  # fmt: skip
def test_a_log_that_makes_no_sense_is_refused_in_one_line(segments):
    with pytest.raises(InvalidValue, match="valid: ") as error:
        RateLog(segments)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    "edit",
    [
        lambda log: log.edited(-1.0, 5.0, None),
        lambda log: log.edited(math.nan, 5.0, None),
        lambda log: log.edited(1.0, -5.0, None),
        lambda log: log.edited(1.0, math.inf, None),
        lambda log: log.edited(1.0, 5.0, 0.0),
        lambda log: log.edited(1.0, 5.0, -1.0),
        lambda log: log.edited(1.0, 5.0, math.nan),
        lambda log: log.scaled_from(1.0, -1.0),
        lambda log: log.scaled_from(1.0, math.inf),
        lambda log: log.scaled_from(1.0, 1e6),
        lambda log: log.scaled_from(-1.0, 1.0),
    ],
    ids=[
        "before-the-epoch", "at-no-time", "to-less-than-nothing", "to-infinity", "never-there",
        "backwards", "at-no-speed", "scaled-below-0", "scaled-to-infinity", "scaled-too-high",
        "scaled-before-the-epoch",
    ],
)  # fmt: skip
def test_an_edit_that_makes_no_sense_is_refused(edit):
    with pytest.raises(InvalidValue, match="valid: "):
        edit(constant(10.0))


@pytest.mark.parametrize(
    "rows",
    [5, [1, 2], [[0.0]], [["0", "1", "0"]], [[0.0, True, 0.0]], [[0, 1, 2, 3]], ["abc"]],
    ids=str,
)
def test_rows_that_are_no_rates_are_refused(rows):
    with pytest.raises(InvalidValue, match="valid: rows"):
        RateLog.from_list(rows)
