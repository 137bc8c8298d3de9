"""Two runs of the same arrivals, call by call: all that a single pair can say."""

import numpy as np

from analysis.statistics.batches import (
    BATCHES,
    FEWEST_PER_BATCH,
    batch_means,
    lag_one_correlation,
    mean_latency_interval,
    widening,
)
from analysis.statistics.effect import Ratio
from analysis.statistics.interval import t_half_width
from analysis.statistics.pairs import correlation_of, no_ratio, p_of_mean

_DEPENDENT = 0.5


def one_pair_mean_ratio(a_s: np.ndarray, b_s: np.ndarray, length_s: float) -> Ratio:
    """B's mean latency over A's, by 8 batches of calls that have the same number in both runs.

    The error of the ratio R is that of the batch means of b - R a (Fieller's residuals, to first
    order), widened as in `batch_means_interval`. It knows nothing of what differs from run to run.
    Suppressed where the mean of either run would have no interval of its own.

    Args:
        a_s: Latencies of A's calls, by number; +inf for failures.
        b_s: The same of B.
        length_s: Of the phase they arrived in.
    """
    if len(a_s) < BATCHES * FEWEST_PER_BATCH:
        return no_ratio(f"fewer than {BATCHES * FEWEST_PER_BATCH} calls in both runs", 1)
    for arm, values in (("A", a_s), ("B", b_s)):
        alone = mean_latency_interval(values, length_s)
        if alone.suppressed:
            return no_ratio(f"{arm} alone has no interval: {alone.suppressed}", 1)
    return _ratio(batch_means(a_s), batch_means(b_s))


def _ratio(a: np.ndarray, b: np.ndarray) -> Ratio:
    ratio = float(b.mean() / a.mean())
    residuals = (b - ratio * a) / float(a.mean())
    if lag_one_correlation(residuals) > _DEPENDENT:
        return no_ratio("the difference drifts: batches are not independent", 1)
    half = t_half_width(residuals) * widening(residuals)
    p = p_of_mean(b - a, widening(b - a))
    return Ratio(ratio, ratio - half, ratio + half, p, 1, correlation_of(a, b))
