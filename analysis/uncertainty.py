"""The intervals of `analysis.statistics` under their earlier address."""

from analysis.statistics.batches import BATCHES, batch_means_interval, lag_one_correlation
from analysis.statistics.interval import Interval, no_interval
from analysis.statistics.repetitions import FEWEST_REPETITIONS, repetitions_interval
from analysis.statistics.shares import success_interval, wilson

__all__ = [
    "BATCHES",
    "FEWEST_REPETITIONS",
    "Interval",
    "batch_means_interval",
    "lag_one_correlation",
    "no_interval",
    "repetitions_interval",
    "success_interval",
    "wilson",
]
