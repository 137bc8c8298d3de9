"""Intervals that hold for queueing data: successive latencies are anything but independent.

Measured coverage of nominal 95 % intervals for the mean of one run: independent t 6-50 %, batch
means 82-98 %, t over five repetitions 92-98 %. So the first is not here, the second is suppressed
where it is known to fail, and the third is the one to publish.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

BATCHES = 16
FEWEST_PER_BATCH = 15
FEWEST_EFFECTIVE = 50
FEWEST_REPETITIONS = 5
_DEPENDENT = 0.3
_CONFIDENCE = 0.95


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


def wilson(share: float, trials: float) -> tuple[float, float]:
    """Wilson's score interval for a share (Wilson 1927); stays inside [0, 1] and off the ends.

    `trials` may be an effective number and need not be whole.
    """
    if trials <= 0:
        return 0.0, 1.0
    z = float(stats.norm.ppf((1 + _CONFIDENCE) / 2))
    centre = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    spread = share * (1 - share) / trials + z**2 / (4 * trials**2)
    half = z * float(np.sqrt(spread)) / (1 + z**2 / trials)
    # At a share of 0 or 1 one bound is exact; rounding must not show as 99.99999999999999 %.
    low = 0.0 if share == 0 else max(centre - half, 0.0)
    high = 1.0 if share == 1 else min(centre + half, 1.0)
    return low, high


def success_interval(succeeded: np.ndarray) -> Interval:
    """Wilson's interval on the effective number of trials.

    Args:
        succeeded: One truth value per sent call, in order of intended time.

    Failures come in bursts; the trials are divided by the design effect, the variance of the
    batch shares over the one independent trials would have.
    """
    trials = len(succeeded)
    share = float(succeeded.mean()) if trials else 0.0
    effective_n = trials / _design_effect(succeeded.astype(float), share)
    low, high = wilson(share, effective_n)
    return Interval(low, high, effective_n)


def _design_effect(outcomes: np.ndarray, share: float) -> float:
    independent = share * (1 - share)
    if len(outcomes) < BATCHES * FEWEST_PER_BATCH or independent == 0:
        return 1.0
    size = len(outcomes) // BATCHES
    return max(float(_batch_means(outcomes, BATCHES).var(ddof=1)) * size / independent, 1.0)


def _batch_means(values: np.ndarray, batches: int) -> np.ndarray:
    size = len(values) // batches
    return np.asarray(values[: size * batches].reshape(batches, size).mean(axis=1))


def batch_means_interval(values: np.ndarray) -> Interval:
    """Student's t interval over 16 batch means of one run's values, in order of intended time.

    Suppressed when there are too few values, when one is not finite, and where the values are so
    correlated, as near saturation, that the interval would be far too narrow.
    """
    if len(values) < BATCHES * FEWEST_PER_BATCH:
        return no_interval(f"fewer than {BATCHES * FEWEST_PER_BATCH} calls")
    if not np.isfinite(values).all():
        return no_interval("calls without an answer")
    means = _batch_means(values, BATCHES)
    if lag_one_correlation(means) > _DEPENDENT:
        return no_interval("near saturation: batches are not independent")
    interval = _t_interval(means, float(values.mean()), float(values.var(ddof=1)))
    if interval.effective_n < FEWEST_EFFECTIVE:
        return no_interval(
            f"near saturation: worth fewer than {FEWEST_EFFECTIVE} independent calls"
        )
    return interval


def _t_interval(means: np.ndarray, centre: float, variance: float) -> Interval:
    error = float(means.std(ddof=1)) / np.sqrt(len(means))
    half = float(stats.t.ppf((1 + _CONFIDENCE) / 2, len(means) - 1)) * error
    effective_n = variance / error**2 if error > 0 else float("nan")
    return Interval(centre - half, centre + half, effective_n)


def lag_one_correlation(values: np.ndarray) -> float:
    """Correlation of each value with the next; 0 where nothing varies."""
    centred = values - values.mean()
    power = float((centred**2).sum())
    return float((centred[1:] * centred[:-1]).sum()) / power if power > 0 else 0.0


def repetitions_interval(per_run: np.ndarray) -> Interval:
    """Student's t interval over repetitions with seeds of their own: the primary one."""
    if len(per_run) < FEWEST_REPETITIONS:
        return no_interval(f"fewer than {FEWEST_REPETITIONS} repetitions")
    if not np.isfinite(per_run).all():
        return no_interval("a repetition without a finite value")
    return _t_interval(per_run, float(per_run.mean()), float(per_run.var(ddof=1)))
