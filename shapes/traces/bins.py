"""The rate of a trace: level over equal bins of time."""

import numpy as np
from numpy.typing import NDArray

from shapes.errors import InvalidValue
from shapes.rate_log import MAX_SEGMENTS, RateLog, RateSegment

_NICE_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
_MOST_BINS = 1500


def bin_rates(expected: NDArray[np.float64], bin_s: float) -> RateLog:
    """The rate log of so many arrivals expected in each bin; 0 after the last.

    Raises:
        InvalidValue: for more bins than a rate log has pieces, or rates that are too high.
    """
    if expected.size >= MAX_SEGMENTS:
        raise InvalidValue(
            f"a trace has {expected.size:,} minutes; valid: fewer than {MAX_SEGMENTS:,}; "
            "take a part with from= and for="
        )
    rates = (expected / bin_s).tolist()
    pieces = [RateSegment(i * bin_s, rate_rps) for i, rate_rps in enumerate(rates)]
    return RateLog((*pieces, RateSegment(len(pieces) * bin_s, 0.0)))


def nice_bin_s(length_s: float) -> float:
    """The shortest usual bin of which no more than `_MOST_BINS` cover so many seconds."""
    fitting = (bin_s for bin_s in _NICE_S if length_s < _MOST_BINS * bin_s)
    return next(fitting, float(np.ceil(length_s / _MOST_BINS / _NICE_S[-1]) * _NICE_S[-1]))
