"""A figure over simulated runs with seeds of their own, and how sure repetitions would make it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

MOST_REPETITIONS = 1000
FEWEST_REPETITIONS = 5
_QUANTILE = 0.975


@dataclass(frozen=True)
class Spread:
    """Of one figure.

    Attributes:
        mean, low, high: Over the seeds; the extremes are those seen.
        sd: Standard deviation of a run; NaN where a value is not finite, or there is but one.
    """

    mean: float
    low: float
    high: float
    sd: float


def spread_of(values: Sequence[float]) -> Spread:
    """The spread of the values, one of each run."""
    seen = np.asarray(values, np.float64)
    known = np.isfinite(seen).all() and len(seen) > 1
    return Spread(
        mean=float(seen.mean()),
        low=float(seen.min()),
        high=float(seen.max()),
        sd=float(seen.std(ddof=1)) if known else math.nan,
    )


def half_width_share(spread: Spread, repetitions: int, longer: float = 1.0) -> float:
    """Expected half width of a 95 % interval over repetitions, as a share of the mean.

    Student's t over repetitions with seeds of their own, as results are reported.

    Args:
        spread: As modelled.
        repetitions: At least 2; with fewer there is no interval: NaN.
        longer: How many times the modelled runs' measured part the real one is. The variance of a
            run's mean falls with its length; that of a percentile nearly so.
    """
    if repetitions <= 1 or not spread.mean > 0:
        return math.nan
    error = spread.sd / math.sqrt(longer * repetitions)
    return float(stdtrit(repetitions - 1, _QUANTILE)) * error / spread.mean


def repetitions_for(spread: Spread, share: float, longer: float = 1.0) -> int | None:
    """Fewest repetitions, 5 or more, with a half width of at most this share; None for none."""
    for repetitions in range(FEWEST_REPETITIONS, MOST_REPETITIONS + 1):
        if half_width_share(spread, repetitions, longer) <= share:
            return repetitions
    return None
