"""The interval to publish: Student's t over repetitions with seeds of their own."""

import numpy as np

from analysis.statistics.interval import Interval, no_interval, t_half_width

FEWEST_REPETITIONS = 5
SMALL_ENOUGH = 0.05
"""Half-width over the mean at which repetitions may end."""


def repetitions_interval(per_run: np.ndarray) -> Interval:
    """Student's t interval over repetitions with seeds of their own: the primary one.

    Args:
        per_run: One value a repetition. For p99 it is the p99 of each run, so the interval is for
            the p99 of a run of this length.
    """
    if len(per_run) < FEWEST_REPETITIONS:
        return no_interval(f"fewer than {FEWEST_REPETITIONS} repetitions")
    if not np.isfinite(per_run).all():
        return no_interval("a repetition without a finite value")
    mean, half = float(per_run.mean()), t_half_width(per_run)
    return Interval(mean - half, mean + half, float(len(per_run)) if half > 0 else float("nan"))


def enough_repetitions(per_run: np.ndarray, half_width_share: float = SMALL_ENOUGH) -> bool:
    """Whether the interval over repetitions reaches at most this share of the mean to each side."""
    interval = repetitions_interval(per_run)
    if interval.suppressed:
        return False
    half = (interval.high - interval.low) / 2
    return bool(half <= half_width_share * abs(float(per_run.mean())))
