import math

import pytest

from verdict.wording import say_count, say_many, say_number, say_share, say_time


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.104321, "104 ms"), (1.0534, "1.05 s"), (0.00031, "310 us"), (0.99999, "1 s"),
        (0.0, "0 ms"), (123.4, "123 s"), (None, "not known"), (math.nan, "not known"),
        (math.inf, "not reached"), (0.0009999, "1 ms"), (2e-9, "0.002 us"), (-3e-15, "0 ms"),
    ],
)  # fmt: skip
def test_a_time_has_three_digits_and_a_unit(seconds, text):
    assert say_time(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1.0, "100 %"), (0.0, "0 %"), (0.9994, "99.9 %"), (0.99996, "99.996 %"),
        (0.00004, "0.004 %"), (0.032, "3.2 %"), (0.000335, "0.034 %"), (0.5, "50 %"),
        (1.017, "102 %"),
    ],
)  # fmt: skip
def test_a_share_is_never_rounded_to_all_or_nothing(share, text):
    assert say_share(share) == text


def test_numbers_and_counts():
    assert say_number(1.0432) == "1.04"
    assert say_number(12345.6) == "12 346"
    assert say_count(9999) == "9999"
    assert say_count(1234567) == "1 234 567"
    assert (say_many(1, "call"), say_many(2, "call")) == ("1 call", "2 calls")
