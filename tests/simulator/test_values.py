import math

import pytest

from shapes.errors import InvalidValue
from simulator.values import (
    burst_capacity,
    cores,
    longer_than_nothing_s,
    number_above,
    share,
    times_from_percentage,
    whole_from,
)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (share, "70", 0.7),
        (share, "70%", 0.7),
        (share, "0.7", 0.7),
        (times_from_percentage, "200", 2.0),
        (burst_capacity, "-1", -1.0),
        (burst_capacity, "0", 0.0),
        (cores, "2.5", 2.5),
        (cores, "unlimited", math.inf),
        (whole_from(0), "7", 7),
        (number_above(0), "0.5", 0.5),
        (longer_than_nothing_s, "500ms", 0.5),
    ],
)
def test_settings_are_read_as_people_type_them(read, text, value):
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (share, "0"),
        (share, "101"),
        (share, "most"),
        (times_from_percentage, "100"),
        (times_from_percentage, "nan"),
        (burst_capacity, "-2"),
        (burst_capacity, "inf"),
        (cores, "0"),
        (cores, "-1"),
        (whole_from(1), "0"),
        (whole_from(0), "1.5"),
        (whole_from(0), "1e3"),
        (number_above(1), "1"),
        (longer_than_nothing_s, "0s"),
    ],
)
def test_what_is_not_valid_is_quoted(read, text):
    with pytest.raises(InvalidValue, match=text.replace(".", r"\.")):
        read(text)
