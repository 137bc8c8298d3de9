import itertools

import pytest

from verdict import exit_codes
from verdict.exit_codes import MEANING, PRECEDENCE, highest, signal_code


def test_the_codes_are_the_documented_ones():
    assert PRECEDENCE == (2, 5, 3, 4, 130, 143, 1, 0)


@pytest.mark.parametrize(("graver", "lighter"), list(itertools.combinations(PRECEDENCE, 2)))
def test_the_graver_code_wins_in_any_order(graver, lighter):
    assert highest([graver, lighter]) == graver
    assert highest([lighter, graver]) == graver


def test_nothing_to_say_is_zero():
    assert highest([]) == exit_codes.OK


def test_a_code_nobody_planned_is_not_hidden():
    assert highest([3, 77]) == 77


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130), (None, 0)])
def test_a_signal_ends_with_128_plus_its_number(name, code):
    assert signal_code(name) == code


def test_every_code_has_a_meaning():
    assert set(MEANING) == set(PRECEDENCE)
