"""Two runs of the same arrivals, call by call: all that a single pair can say."""

import numpy as np

from analysis.statistics.batches import (
    BATCHES,
    FEWEST_PER_BATCH,
    MOST_DEPENDENT,
    batch_means,
    batch_means_interval,
    lag_one_correlation,
    mean_latency_interval,
    widening,
)
from analysis.statistics.effect import Difference, Ratio
from analysis.statistics.interval import t_half_width
from analysis.statistics.pairs import correlation_of, no_ratio, p_of_mean

_NAN = float("nan")


def one_pair_mean_ratio(a_s: np.ndarray, b_s: np.ndarray, length_s: float) -> Ratio:
    """B's mean latency over A's, by 8 batches of calls that have the same number in both runs.

    The error of the ratio R is that of the batch means of b - R a (to first order), on a scale of
    logarithms, widened as in `batch_means_interval`. What differs from run to run is not in it.
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


def one_pair_difference(a: np.ndarray, b: np.ndarray) -> Difference:
    """B's mean minus A's, by batches of calls that have the same number in both runs.

    Args:
        a: A value of each of A's calls, as 1 for one that came back well and 0 for another.
        b: The same of B.
    """
    gaps = b - a
    mean = float(gaps.mean()) if len(gaps) else float("nan")
    interval = batch_means_interval(gaps)
    if interval.suppressed:
        return Difference(mean, _NAN, _NAN, _NAN, 1, _NAN, interval.suppressed)
    means = batch_means(gaps)
    correlation = correlation_of(batch_means(a), batch_means(b))
    p = p_of_mean(means, widening(means))
    return Difference(mean, interval.low, interval.high, p, 1, correlation, freedom=BATCHES - 1)


def _ratio(a: np.ndarray, b: np.ndarray) -> Ratio:
    ratio = float(b.mean() / a.mean())
    residuals = (b - ratio * a) / float(b.mean())
    if lag_one_correlation(residuals) > MOST_DEPENDENT:
        return no_ratio("the difference drifts: batches are not independent", 1)
    reach = float(np.exp(t_half_width(residuals) * widening(residuals)))
    p, correlation = p_of_mean(b - a, widening(b - a)), correlation_of(a, b)
    return Ratio(ratio, ratio / reach, ratio * reach, p, 1, correlation, freedom=BATCHES - 1)
