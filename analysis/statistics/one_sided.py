"""Whether an effect is beyond a limit, for several effects at once."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from analysis.statistics.effect import Effect, Ratio
from analysis.statistics.families import holm
from analysis.statistics.interval import CONFIDENCE, t_quantile

TAIL = (1 - CONFIDENCE) / 2
"""What lies beyond one end of a 95 % interval."""


def p_of_above(effect: Effect, limit: float) -> float:
    """P-value of "the effect is at most the limit"; below `TAIL` just where `low` is above it.

    NaN for an effect without an interval.
    """
    if effect.suppressed:
        return float("nan")
    distance, half = _scaled(effect, limit)
    if half == 0:
        return 0.0 if distance > 0 else 1.0
    return float(stats.t.sf(distance / half * t_quantile(effect.freedom), effect.freedom))


def surely_above(effects: Sequence[Effect], limit: float) -> np.ndarray:
    """Which effects are above the limit, all said at once with 97.5 % (Holm)."""
    adjusted = holm(np.array([p_of_above(effect, limit) for effect in effects]))
    return np.asarray(adjusted < TAIL)


def _scaled(effect: Effect, limit: float) -> tuple[float, float]:
    """How far the estimate is above the limit and half the interval, where it is symmetric."""
    if isinstance(effect, Ratio):
        above = math.log(effect.estimate / limit) if limit > 0 else math.inf
        return above, math.log(effect.high / effect.estimate)
    return effect.estimate - limit, effect.high - effect.estimate
