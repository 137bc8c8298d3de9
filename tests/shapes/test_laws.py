import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.errors import InvalidValue
from shapes.laws import LAW_NAMES, parse_law


@pytest.mark.parametrize(
    ("text", "cv"),
    [("uniform", 0.0), ("poisson", 1.0), ("uniform-gap", 1 / math.sqrt(3)), ("bursty:3", 3.0)],
)
def test_a_law_knows_the_variation_of_its_gaps(text, cv):
    assert parse_law(text).cv == cv


@pytest.mark.parametrize("text", ["uniform", "poisson", "uniform-gap", "bursty:3", "bursty:1.25"])
def test_the_text_of_a_law_is_the_text_it_was_read_from(text):
    assert parse_law(text).text == text


@given(st.floats(1.0, 100.0, exclude_min=True))
def test_every_coefficient_of_variation_survives_being_written_and_read(cv):
    law = parse_law(f"bursty:{cv!r}")
    assert parse_law(law.text) == law


@pytest.mark.parametrize(
    "text",
    [
        "", "posson", "Uniform", "constant", "bursty", "bursty:", "bursty:1", "bursty:0.5",
        "bursty:101", "bursty:nan", "bursty:-3", "poisson:1", "uniform:", "bursty:3:4",
    ],
)  # fmt: skip
def test_a_text_that_is_no_law_is_refused_with_the_list_of_laws(text):
    with pytest.raises(InvalidValue) as error:
        parse_law(text)
    assert repr(text) in str(error.value)
    assert all(name in str(error.value) for name in LAW_NAMES)


def test_only_the_equidistant_law_is_not_random():
    assert [
        parse_law(text).is_random for text in ("uniform", "poisson", "uniform-gap", "bursty:2")
    ] == [
        False,
        True,
        True,
        True,
    ]
