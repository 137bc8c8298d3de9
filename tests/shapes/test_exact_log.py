import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.exact_log import exact_log

UNIT = 2.0**-53


def log_error_ulp(value):
    """How far the logarithm is from the true one, in units in the last place."""
    with localcontext() as context:
        context.prec = 60
        true = Decimal(value).ln()
        ours = float(exact_log(np.array([value]))[0])
        return float(abs(Decimal(ours) - true) / Decimal(math.ulp(float(true))))


@given(st.integers(1, 2**53))
def test_logarithms_of_drawn_uniforms_are_right_to_two_units_in_the_last_place(steps):
    assert log_error_ulp(steps * UNIT) <= 2


@given(st.floats(1e-300, 1e300))
def test_logarithms_of_any_double_are_right_to_two_units_in_the_last_place(value):
    assert log_error_ulp(value) <= 2


@pytest.mark.parametrize(
    "value",
    [
        1 - UNIT,
        1 + 2 * UNIT,
        0.7071067811865475,
        0.7071067811865476,
        0.5,
        2.0,
        UNIT,
        1.4142135623730951,
    ],
)
def test_logarithms_at_the_seams_are_right_to_two_units_in_the_last_place(value):
    assert log_error_ulp(value) <= 2


def test_the_logarithm_of_one_is_zero():
    assert exact_log(np.array([1.0])).tolist() == [0.0]
