"""A natural logarithm that has the same bits on every CPU.

`np.log` and `np.log1p` choose their code by CPU feature, and the versions differ in the last bit.
Here every step is one operation that IEEE 754 rounds correctly, in an order that is fixed,
and each is an array operation of its own, so that no compiler fuses two of them.
"""

import numpy as np
from numpy.typing import NDArray

_SQRT_HALF = 0.7071067811865476
# ln 2 in two parts (fdlibm): the high one has 21 trailing zero bits, so exponent x high is exact.
_LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_LAST_ODD = 21


def exact_log(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Natural logarithms of positive normal doubles, within 2 units in the last place.

    With v = m 2^e, sqrt(1/2) <= m < sqrt(2), and s = (m - 1) / (m + 1):
    ln v = e ln 2 + 2 (s + s^3/3 + s^5/5 + ...), cut after s^21, where |s| < 0.1716 and what is
    left out is below 1e-18.
    """
    mantissa, exponent = _split(values)
    odd = (mantissa - 1.0) / (mantissa + 1.0)
    square = odd * odd
    series = np.full_like(square, 1.0 / _LAST_ODD)
    for power in range(_LAST_ODD - 2, 1, -2):
        series *= square
        series += 1.0 / power
    series *= square
    series *= odd
    series += odd
    return exponent * _LN2_HIGH + (2.0 * series + exponent * _LN2_LOW)


def _split(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mantissas in [sqrt(1/2), sqrt(2)) and exponents of `values`."""
    mantissa, exponent = np.frexp(values)
    is_small = mantissa < _SQRT_HALF
    return np.where(is_small, mantissa * 2.0, mantissa), (exponent - is_small).astype(np.float64)
