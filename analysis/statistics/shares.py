"""Intervals of a share, as of the calls that came back well."""

import numpy as np
from scipy import stats

from analysis.statistics.batches import batch_means
from analysis.statistics.interval import CONFIDENCE, Interval

_RULE_OF_THREE = 3.0
_BATCHES = 16
_FEWEST_PER_BATCH = 15


def wilson(share: float, trials: float) -> tuple[float, float]:
    """Wilson's score interval for a share (Wilson 1927); stays inside [0, 1] and off the ends.

    `trials` may be an effective number and need not be whole.
    """
    if trials <= 0:
        return 0.0, 1.0
    z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    spread = share * (1 - share) / trials + z**2 / (4 * trials**2)
    half = z * float(np.sqrt(spread)) / (1 + z**2 / trials)
    # At a share of 0 or 1 one bound is exact; rounding must not show as 99.99999999999999 %.
    low = 0.0 if share == 0 else max(centre - half, 0.0)
    high = 1.0 if share == 1 else min(centre + half, 1.0)
    return low, high


def rule_of_three(trials: float) -> float:
    """Largest share of an outcome that was never seen (Hanley and Lippman-Hand 1983).

    The 95 % bound of independent trials; failures that come in bursts may be more frequent.
    """
    return min(_RULE_OF_THREE / trials, 1.0) if trials > 0 else 1.0


def success_interval(succeeded: np.ndarray) -> Interval:
    """Wilson's interval on the effective number of trials; the rule of three without a failure.

    Args:
        succeeded: One truth value per sent call, in order of intended time.

    Failures come in bursts; the trials are divided by the design effect, the variance of the
    batch shares over the one independent trials would have.
    """
    trials = len(succeeded)
    share = float(succeeded.mean()) if trials else 0.0
    if trials and share == 1.0:
        return Interval(1.0 - rule_of_three(trials), 1.0, float(trials))
    effective_n = trials / _design_effect(succeeded.astype(float), share)
    low, high = wilson(share, effective_n)
    return Interval(low, high, effective_n)


def _design_effect(outcomes: np.ndarray, share: float) -> float:
    independent = share * (1 - share)
    if len(outcomes) < _BATCHES * _FEWEST_PER_BATCH or independent == 0:
        return 1.0
    size = len(outcomes) // _BATCHES
    return max(float(batch_means(outcomes, _BATCHES).var(ddof=1)) * size / independent, 1.0)
