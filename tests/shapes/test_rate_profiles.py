import math

import numpy as np
import pytest

from shapes.errors import InvalidValue
from shapes.rate_profiles import parse_rate_profile

ALL = [
    "constant",
    "ramp:0,50,60s",
    "step:10@0s,50@60s,10@120s",
    "burst:5,50,60s,10s",
    "diurnal:20,15,10m",
]


def rates(text, times, **options):
    log = parse_rate_profile(text, 10.0, **options).log
    return [log.rate_at(t) for t in times]


def test_constant_takes_the_rate_it_is_given():
    profile = parse_rate_profile("constant", 10.5)
    assert profile.is_constant
    assert profile.log.to_list() == [[0.0, 10.5, 0.0]]


def test_a_ramp_rises_to_its_end_and_holds_it():
    assert rates("ramp:0,50,60s", (0, 30, 60, 1000)) == pytest.approx([0, 25, 50, 50])


def test_the_arrivals_of_a_ramp_follow_the_integral_of_its_rate():
    log = parse_rate_profile("ramp:0,50,60s", 1.0).log
    assert [log.integral(t) for t in (30.0, 60.0, 120.0)] == pytest.approx([375, 1500, 4500])


def test_steps_hold_each_rate_until_the_next():
    assert rates("step:10@0s,0@1m,50@2m", (0, 59.9, 60, 119, 120, 999)) == [10, 10, 0, 0, 50, 50]


def test_a_burst_is_high_at_the_end_of_each_period():
    assert rates("burst:5,50,60s,10s", (0, 49.9, 50, 59.9, 60, 110)) == [5, 5, 50, 50, 5, 50]


def test_a_day_is_a_sine_around_its_mean():
    times = np.linspace(0.0, 1200.0, 501)
    sine = 20 + 15 * np.sin(2 * math.pi * times / 600)
    assert rates("diurnal:20,15,10m", times) == pytest.approx(sine.tolist(), abs=15 * 0.0013)


def test_a_day_has_its_mean_over_its_periods_and_never_leaves_its_range():
    log = parse_rate_profile("diurnal:20,20,10m", 1.0).log
    # Each of the 640 switches may round up by a nano-unit.
    assert log.integral(6000.0) == pytest.approx(20 * 6000, abs=640e-9)
    met = [log.rate_at(t) for t in np.linspace(0.0, 600.0, 5000)]
    assert min(met) >= 0
    assert max(met) <= 40
    assert log.peak_rps(600.0) == pytest.approx(40)


def test_the_table_of_sines_is_the_same_whatever_the_last_bits_of_the_library():
    sines = [math.sin(2 * math.pi * piece / 64) for piece in range(65)]
    nearest_half = [abs(abs(sine) * 1e12 % 1 - 0.5) for sine in sines]
    # Two ulps of a sine are 2e-4 of the 12th place; none is that near to where rounding turns.
    assert min(nearest_half) > 1e-3


@pytest.mark.parametrize(
    ("text", "length_s", "repeated"),
    [
        ("constant", None, None),
        ("ramp:0,50,60s", 60.0, None),
        ("step:10@0s,50@60s", 60.0, None),
        ("burst:5,50,60s,10s", None, 120.0),
        ("diurnal:20,15,45s", None, 135.0),
    ],
)
def test_a_profile_knows_when_it_stops_changing(text, length_s, repeated):
    profile = parse_rate_profile(text, 10.0, until_s=100.0)
    assert profile.length_s == length_s
    assert profile.repeated_until_s == repeated


def test_a_periodic_profile_covers_a_day_when_nobody_says_how_long():
    assert parse_rate_profile("burst:5,50,60s,10s", 1.0).repeated_until_s == 86_400


def test_a_short_period_is_repeated_as_often_as_it_fits_when_nobody_says_how_long():
    profile = parse_rate_profile("burst:5,50,1s,100ms", 1.0)
    assert 9_000 < profile.repeated_until_s < 10_001


def test_a_period_too_short_for_the_run_is_refused():
    with pytest.raises(InvalidValue, match="86400 periods in 24h"):
        parse_rate_profile("burst:5,50,1s,100ms", 1.0, until_s=86_400.0)


@pytest.mark.parametrize("text", ALL)
def test_the_text_of_a_profile_reads_back_as_the_profile(text):
    profile = parse_rate_profile(f" {text} ", 10.0)
    assert profile.text == text
    assert parse_rate_profile(profile.text, 10.0) == profile


@pytest.mark.parametrize("text", ALL)
def test_no_profile_loses_arrivals_at_its_switches(text):
    log = parse_rate_profile(text, 10.0, until_s=600.0).log
    times = np.linspace(0.0, 600.0, 1234)
    counted = np.array([log.nano_at(float(t)) for t in times]) / 1e9
    assert counted == pytest.approx(log.integral(times), abs=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "flat",
        "constant:5",
        "constant:",
        "ramp",
        "ramp:",
        "ramp:0,50",
        "ramp:0,50,60s,1",
        "ramp:0,50,0s",
        "ramp:-1,50,60s",
        "ramp:nan,50,60s",
        "ramp:0,inf,60s",
        "ramp:0,2e6,60s",
        "ramp:0,50,ten",
        "ramp:0,0,60s",
        "step:",
        "step:10",
        "step:10@5s",
        "step:10@0s,20@0s",
        "step:10@0s,20@9s,5@8s",
        "step:0@0s,0@5s",
        "step:-1@0s",
        "burst:5,50,60s",
        "burst:5,50,60s,60s",
        "burst:5,50,60s,0s",
        "burst:0,0,60s,10s",
        "burst:5,50,0.0001ms,0.00001ms",
        "diurnal:20,21,10m",
        "diurnal:20,15,0s",
        "diurnal:0,0,10m",
        "diurnal:20,15",
        "trace:file.csv",
    ],
)
def test_a_profile_that_makes_no_sense_is_refused_in_one_line(text):
    with pytest.raises(InvalidValue) as error:
        parse_rate_profile(text, 10.0)
    assert repr(text) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("rate_rps", [0.0, -1.0, math.nan, math.inf, 2e6], ids=str)
def test_constant_refuses_a_rate_that_makes_no_sense(rate_rps):
    with pytest.raises(InvalidValue):
        parse_rate_profile("constant", rate_rps)
