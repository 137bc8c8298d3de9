import hypothesis.strategies as st
import pytest
from hypothesis import given

from worker.errors import BadValue
from worker.quantities import parse_bytes, parse_duration_us, parse_integer


@pytest.mark.parametrize(
    ("text", "us"),
    [("250us", 250), ("100ms", 100_000), ("10s", 10_000_000), ("1.5m", 90_000_000), ("0s", 0)],
    ids=["us", "ms", "s", "m", "zero"],
)
def test_a_duration_has_a_unit(text, us):
    assert parse_duration_us(text, 10**9) == us


@pytest.mark.parametrize(
    "text",
    ["", "10", "ten", "-1s", "1h", "nan", "infs", "1e3s", "10 s", "1001s", "٣s", "1" * 400 + "s"],
    ids=["empty", "no-unit", "word", "negative", "hours", "nan", "inf", "exponent", "space",
         "beyond", "other-digits", "very-long"],
)  # fmt: skip
def test_anything_else_is_no_duration_and_is_quoted(text):
    with pytest.raises(BadValue) as caught:
        parse_duration_us(text, 10**9)
    assert repr(text) in str(caught.value)
    assert "valid: a time in us, ms, s or m, as 10s, to 1000s" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "size"),
    [("0", 0), ("4096", 4096), ("7B", 7), ("64KiB", 65_536), ("4MiB", 4_194_304), ("0.5KiB", 512)],
    ids=["zero", "bytes", "b", "kib", "mib", "part"],
)
def test_a_size_is_bytes_or_has_a_unit(text, size):
    assert parse_bytes(text, 2**30) == size


@pytest.mark.parametrize("text", ["", "-1", "4MB", "lots", "2GiB"])
def test_anything_else_is_no_size_and_is_quoted(text):
    with pytest.raises(BadValue, match="valid: bytes, or a number with KiB, MiB or GiB") as caught:
        parse_bytes(text, 2**30)
    assert repr(text) in str(caught.value)


@given(st.integers(0, 65_535))
def test_an_integer_in_range_is_read_back(number):
    assert parse_integer(str(number), 0, 65_535) == number


@pytest.mark.parametrize("text", ["", "-1", "65536", "1.0", "0x10", "1_000", " 80", "9" * 5000])
def test_anything_else_is_no_integer_and_is_quoted(text):
    with pytest.raises(BadValue, match="valid: a whole number, 0 to 65535") as caught:
        parse_integer(text, 0, 65_535)
    assert repr(text) in str(caught.value)
