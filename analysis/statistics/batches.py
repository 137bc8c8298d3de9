"""The interval inside one run: successive latencies are anything but independent."""

import numpy as np

from analysis.statistics.interval import Interval, no_interval, t_half_width

BATCHES = 16
FEWEST_PER_BATCH = 15
FEWEST_EFFECTIVE = 50
_DEPENDENT = 0.3


def batch_means_interval(values: np.ndarray) -> Interval:
    """Student's t interval over 16 batch means of one run's values, in order of intended time.

    Suppressed when there are too few values, when one is not finite, and where the values are so
    correlated, as near saturation, that the interval would be far too narrow.
    """
    if len(values) < BATCHES * FEWEST_PER_BATCH:
        return no_interval(f"fewer than {BATCHES * FEWEST_PER_BATCH} calls")
    if not np.isfinite(values).all():
        return no_interval("calls without an answer")
    means = batch_means(values)
    if are_dependent(means):
        return no_interval("near saturation: batches are not independent")
    mean, half = float(values.mean()), t_half_width(means)
    effective_n = effective_number(values, means)
    if effective_n < FEWEST_EFFECTIVE:
        return no_interval(
            f"near saturation: worth fewer than {FEWEST_EFFECTIVE} independent calls"
        )
    return Interval(mean - half, mean + half, effective_n)


def batch_means(values: np.ndarray, batches: int = BATCHES) -> np.ndarray:
    """Means of equally long stretches of the values; what is left over at the end is left out."""
    size = len(values) // batches
    return np.asarray(values[: size * batches].reshape(batches, size).mean(axis=1))


def effective_number(values: np.ndarray, means: np.ndarray) -> float:
    """How many independent values would know the mean as well; NaN where nothing varies."""
    squared_error = float(means.var(ddof=1)) / len(means)
    return float(values.var(ddof=1)) / squared_error if squared_error > 0 else float("nan")


def are_dependent(means: np.ndarray) -> bool:
    """Whether each batch tells too much of the next for a t interval over them."""
    return lag_one_correlation(means) > _DEPENDENT


def lag_one_correlation(values: np.ndarray) -> float:
    """Correlation of each value with the next; 0 where nothing varies."""
    centred = values - values.mean()
    power = float((centred**2).sum())
    return float((centred[1:] * centred[:-1]).sum()) / power if power > 0 else 0.0
