"""Distributions of slowdown that can be pooled over any number of runs in bounded memory."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

_STEP = 0.01
_SMALLEST = 1e-4


@dataclass(frozen=True)
class SlowdownCounts:
    """Calls by slowdown, in bins of 1 %.

    Attributes:
        finite: Number of a bin to its calls.
        infinite: Calls that failed or did not finish.
    """

    finite: Mapping[int, int]
    infinite: int

    def plus(self, other: "SlowdownCounts") -> "SlowdownCounts":
        """Both pooled."""
        keys = {*self.finite, *other.finite}
        pooled = {key: self.finite.get(key, 0) + other.finite.get(key, 0) for key in keys}
        return SlowdownCounts(pooled, self.infinite + other.infinite)

    def distribution(self) -> pd.DataFrame:
        """The empirical distribution, each value exact to 1 %.

        Returns:
            Columns `value` (edge of a bin), `share` (of all calls, failed ones included) and
            `share_beyond`.
        """
        bins = np.array(sorted(self.finite), dtype=int)
        counts = np.array([self.finite[key] for key in bins.tolist()], dtype=int)
        total = max(int(counts.sum()) + self.infinite, 1)
        within = counts.cumsum() if len(counts) else counts
        # The lower edge of the first bin too: a curve begins at 0, also where all calls are alike.
        edges = _SMALLEST * np.exp(_STEP * np.concatenate([bins[:1], bins + 1]))
        within = np.concatenate([np.zeros(min(len(bins), 1), int), within])
        return pd.DataFrame(
            {"value": edges, "share": within / total, "share_beyond": (total - within) / total}
        )


def count_slowdowns(slowdowns: np.ndarray) -> SlowdownCounts:
    """Sort the slowdowns of a run into bins; +inf is a call without a good answer."""
    finite = slowdowns[np.isfinite(slowdowns)]
    bins = np.floor(np.log(np.maximum(finite, _SMALLEST) / _SMALLEST) / _STEP).astype(int)
    numbers, counts = np.unique(bins, return_counts=True)
    pairs = zip(numbers.tolist(), counts.tolist(), strict=True)
    return SlowdownCounts(dict(pairs), len(slowdowns) - len(finite))
