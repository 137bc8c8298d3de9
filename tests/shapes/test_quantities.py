import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.errors import InvalidValue
from shapes.quantities import (
    MAX_RATE_RPS,
    format_duration,
    parse_duration_s,
    parse_rate_rps,
    parse_seed,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("500ms", 0.5),
        ("10s", 10.0),
        ("12m", 720.0),
        ("1h20m", 4800.0),
        ("1h1m1s1ms", 3661.001),
        ("1.5s", 1.5),
        ("0.1m", 6.0),
        ("90", 90.0),
        ("0", 0.0),
        (" 10s ", 10.0),
        ("24h", 86_400.0),
    ],
)
def test_a_duration_is_read_as_the_seconds_it_says(text, seconds):
    assert parse_duration_s(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "ten", "-1s", "+1s", "1 s", "10 s", "s", "1s1m", "1m1m", "1e3", "nan", "inf",
        ".5s", "5.s", "1h20", "1d", "1_0s", "٣s", "9" * 400, "10S", "1s\n2s",
    ],
)  # fmt: skip
def test_a_text_that_is_no_duration_is_refused_in_one_line(text):
    with pytest.raises(InvalidValue) as error:
        parse_duration_s(text)
    assert repr(text) in str(error.value)
    assert "\n" not in str(error.value)
    assert "1h20m" in str(error.value)


@given(st.integers(0, 10**11))
def test_a_whole_number_of_milliseconds_survives_being_written_and_read(milliseconds):
    seconds = milliseconds / 1000
    assert parse_duration_s(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.5, "500ms"),
        (720.0, "12m"),
        (4800.0, "1h20m"),
        (61.5, "1m1.5s"),
        (10.0, "10s"),
        (0.0, "0s"),
        (0.0001, "0.1ms"),
        (59.9999999, "1m"),
        (0.9999999, "1s"),
        (3600.0, "1h"),
        (100.0, "1m40s"),
    ],
)
def test_a_duration_is_written_in_its_usual_form(seconds, text):
    assert format_duration(seconds) == text


@pytest.mark.parametrize("seconds", [-1.0, math.nan, math.inf, 1e10], ids=str)
def test_a_number_that_is_no_duration_is_not_written(seconds):
    with pytest.raises(InvalidValue, match="valid: 0 to"):
        format_duration(seconds)


@pytest.mark.parametrize("rate", [0.1, 7, 10.5, 1500, 1e6, 1e-3])
def test_a_rate_is_read_as_its_number(rate):
    assert parse_rate_rps(str(rate)) == rate


@pytest.mark.parametrize(
    "text",
    ["0", "-1", "nan", "inf", "-inf", "1e12", "1000001", "ten", "", "1_000", "5 rps", "0x10"],
)
def test_a_text_that_is_no_rate_is_refused_in_one_line(text):
    with pytest.raises(InvalidValue) as error:
        parse_rate_rps(text)
    assert repr(text) in str(error.value)
    assert f"{MAX_RATE_RPS:,.0f}" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("seed", [0, 1, 2**64 - 1])
def test_a_seed_is_read_as_its_number(seed):
    assert parse_seed(str(seed)) == seed


@pytest.mark.parametrize("text", ["-1", "1.5", "", "x", str(2**64), "1" * 400, "1_0"])
def test_a_text_that_is_no_seed_is_refused(text):
    with pytest.raises(InvalidValue, match="whole number"):
        parse_seed(text)
