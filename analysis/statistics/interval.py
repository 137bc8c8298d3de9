"""A 95 % interval, or the reason why there is none."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A 95 % interval, or the reason there is none.

    Attributes:
        low, high: Bounds in the unit of the estimate; NaN when suppressed.
        effective_n: How many independent observations would be worth as much.
        suppressed: Why no interval is given; '' when one is.
    """

    low: float
    high: float
    effective_n: float
    suppressed: str = ""


def no_interval(reason: str) -> Interval:
    """An interval that is not given, and why."""
    return Interval(float("nan"), float("nan"), float("nan"), reason)


def t_half_width(values: np.ndarray) -> float:
    """Half of Student's t interval of the mean of independent values."""
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    return t_quantile(len(values) - 1) * error


def t_quantile(freedom: int) -> float:
    """How many standard errors a two-sided interval reaches to each side."""
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom))
