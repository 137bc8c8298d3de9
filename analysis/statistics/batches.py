"""The interval inside one run: successive latencies are anything but independent."""

import numpy as np

from analysis.statistics.interval import Interval, no_interval, t_half_width

BATCHES = 8
FEWEST_PER_BATCH = 75
FEWEST_OVER_SQUARED_QUEUE = 1200
"""Calls that a run needs for each squared call that waits, see `waiting_calls`."""
MOST_DEPENDENT = 0.5
_MOST_CORRELATION = 0.9
_UNDISTURBED = 0.05
NEAR_SATURATION = "near saturation: the run is too short for the queue it saw"


def mean_latency_interval(latencies_s: np.ndarray, length_s: float) -> Interval:
    """The interval of one run's mean latency; suppressed near saturation.

    A queue forgets slowly: about 4 Lq² arrivals pass until it has, in heavy traffic, for Lq calls
    that wait on average. A run of few such times does not know its own mean, and those that look
    surest are the most mistaken: so this goes by the queue, which a lucky run cannot hide, and not
    by the spread of its batches.

    Args:
        latencies_s: Of all sent calls in order of intended time; +inf for failures.
        length_s: Of the phase they arrived in.
    """
    if np.isfinite(latencies_s).all() and is_near_saturation(latencies_s, length_s):
        return no_interval(NEAR_SATURATION)
    return batch_means_interval(latencies_s)


def is_near_saturation(latencies_s: np.ndarray, length_s: float) -> bool:
    """Whether the run is too short for the queue it saw; failed calls count as the longest."""
    answered = latencies_s[np.isfinite(latencies_s)]
    if not len(answered):
        return False
    waiting = waiting_calls(np.minimum(latencies_s, answered.max()), length_s)
    return len(latencies_s) < FEWEST_OVER_SQUARED_QUEUE * waiting**2


def waiting_calls(latencies_s: np.ndarray, length_s: float) -> float:
    """How many calls waited on average (Little): rate x (mean - what an undisturbed call takes)."""
    undisturbed_s = float(np.quantile(latencies_s, _UNDISTURBED))
    return len(latencies_s) / length_s * (float(latencies_s.mean()) - undisturbed_s)


def batch_means_interval(values: np.ndarray) -> Interval:
    """Student's t interval over 8 batch means of one run's values, in order of intended time.

    Widened by what each batch still tells of the next: a first-order autoregression whose
    coefficient is corrected for its bias (Kendall 1954). Suppressed when there are too few values,
    when one is not finite, and where batches follow each other, as in a drift.
    """
    if len(values) < BATCHES * FEWEST_PER_BATCH:
        return no_interval(f"fewer than {BATCHES * FEWEST_PER_BATCH} calls")
    if not np.isfinite(values).all():
        return no_interval("calls without an answer")
    means = batch_means(values)
    if lag_one_correlation(means) > MOST_DEPENDENT:
        return no_interval("the mean drifts: batches are not independent")
    mean, widened = float(values.mean()), widening(means)
    half = t_half_width(means) * widened
    return Interval(mean - half, mean + half, _effective_number(values, means) / widened**2)


def batch_means(values: np.ndarray, batches: int = BATCHES) -> np.ndarray:
    """Means of equally long stretches of the values; what is left over at the end is left out."""
    size = len(values) // batches
    return np.asarray(values[: size * batches].reshape(batches, size).mean(axis=1))


def widening(means: np.ndarray) -> float:
    """How many times larger the error of the mean is for the correlation of the batches."""
    seen = lag_one_correlation(means)
    correlation = min(max(seen + (1 + 3 * seen) / len(means), 0.0), _MOST_CORRELATION)
    return float(np.sqrt((1 + correlation) / (1 - correlation)))


def lag_one_correlation(values: np.ndarray) -> float:
    """Correlation of each value with the next; 0 where nothing varies."""
    centred = values - values.mean()
    power = float((centred**2).sum())
    return float((centred[1:] * centred[:-1]).sum()) / power if power > 0 else 0.0


def _effective_number(values: np.ndarray, means: np.ndarray) -> float:
    """How many independent values would know the mean as well; NaN where nothing varies."""
    squared_error = float(means.var(ddof=1)) / len(means)
    return float(values.var(ddof=1)) / squared_error if squared_error > 0 else float("nan")
