"""When an arrival comes while the rate runs along a straight line.

From a rate r with slope s, x arrivals are expected after t seconds where x = r t + s t^2 / 2, so

    t = x / r                                  level: s = 0
    t = sqrt(2 x / s)                          from rest: r = 0
    t = 2 / (r y + sqrt(y (r^2 y + 2 s)))      otherwise, with y = 1 / x

The last is the usual root with x divided out. Each of its operations is monotone in x and correctly
rounded (IEEE 754: + - * / sqrt), so the computed t never decreases either, and is the same
on every CPU. That is what lets `nano_to_pass` invert it exactly.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapes.operational_time import MAX_NANO, NANO

Floats = NDArray[np.float64]
Nanos = NDArray[np.int64]
Bools = NDArray[np.bool_]

_GUESS_ERROR_NANO = 16
_GUESS_ERROR_BITS = 48


def seconds_after(rate_rps: float, slope_rps_per_s: float, nano: Nanos) -> Floats:
    """Seconds from a piece's start until `nano` nano-units have passed; inf if it is idle."""
    expected = nano / NANO
    with np.errstate(all="ignore"):
        if slope_rps_per_s != 0:
            is_at_rest = rate_rps == 0
            kernel = _from_rest if is_at_rest else _sloped
            return kernel(rate_rps, slope_rps_per_s, expected)
        return _level(rate_rps, expected) if rate_rps > 0 else np.full(nano.shape, np.inf)


def nano_to_pass(rates_rps: Floats, slopes: Floats, starts_s: Floats, ends_s: Floats) -> Nanos:
    """For each piece, the fewest nano-units n >= 0 with start + seconds_after(n) >= end.

    Exact against the computed times, roundings included; at most `MAX_NANO`. 0 for an idle piece.
    """
    length_s = ends_s - starts_s
    with np.errstate(over="ignore"):
        expected_nano = length_s * (rates_rps + 0.5 * slopes * length_s) * NANO
    guess = np.clip(np.rint(expected_nano), 0, MAX_NANO).astype(np.int64)

    def passes(nano: Nanos) -> Bools:
        return starts_s + _seconds_after_each(rates_rps, slopes, nano) >= ends_s

    return _bisect(passes, *_bracket(passes, guess))


def _level(rate_rps: Any, expected: Floats) -> Floats:
    return expected / rate_rps  # type: ignore[no-any-return]  # arrays in, array out


def _from_rest(_rate_rps: Any, slope: Any, expected: Floats) -> Floats:
    return np.sqrt(np.maximum(expected, 0.0) * 2.0 / slope)  # type: ignore[no-any-return]


def _sloped(rate_rps: Any, slope: Any, expected: Floats) -> Floats:
    inverse = 1.0 / expected
    # Below 0 only by rounding, or past the point where a falling rate reaches 0.
    discriminant = np.maximum(rate_rps * rate_rps * inverse + 2.0 * slope, 0.0)
    seconds = 2.0 / (rate_rps * inverse + np.sqrt(inverse * discriminant))
    return np.where(expected > 0, seconds, 0.0)


def _seconds_after_each(rates_rps: Floats, slopes: Floats, nano: Nanos) -> Floats:
    """`seconds_after` with a piece of its own for each element."""
    expected = nano / NANO
    seconds = np.full(nano.shape, np.inf)
    is_level, is_at_rest = slopes == 0, rates_rps == 0
    with np.errstate(all="ignore"):
        for here, kernel in (
            (is_level & ~is_at_rest, lambda rate, _slope, x: _level(rate, x)),
            (~is_level & is_at_rest, _from_rest),
            (~is_level & ~is_at_rest, _sloped),
        ):
            seconds[here] = kernel(rates_rps[here], slopes[here], expected[here])
    return seconds


def _bracket(passes: Callable[[Nanos], Bools], guess: Nanos) -> tuple[Nanos, Nanos]:
    """Bounds (low, high] of the first n that passes: low does not (-1 never does), high does."""
    reach = _GUESS_ERROR_NANO + (guess >> _GUESS_ERROR_BITS)
    while True:
        low = np.maximum(guess - reach, -1)
        high = np.minimum(guess + reach, MAX_NANO)
        is_missed = ((low >= 0) & passes(low)) | ((high < MAX_NANO) & ~passes(high))
        if not is_missed.any():
            return low, high
        reach = np.minimum(reach * 16, MAX_NANO)


def _bisect(passes: Callable[[Nanos], Bools], low: Nanos, high: Nanos) -> Nanos:
    while np.any(high - low > 1):
        middle = low + (high - low) // 2
        # A piece that is done has its low for a middle, and -1 never passes.
        has_passed = (middle >= 0) & passes(middle)
        low, high = np.where(has_passed, low, middle), np.where(has_passed, middle, high)
    return high
