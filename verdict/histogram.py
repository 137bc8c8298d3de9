"""Bounded, mergeable counts of times: three significant digits from 1 us to 1 h, and +inf.

Log-linear buckets as in HdrHistogram: below 2048 us every microsecond has its own bucket,
above it every power of two is cut into 1024 equal parts, so a bucket is at most 0.1 % wide.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SUB_BUCKETS = 1024
_SUB_BITS = 10
_LARGEST_US = 3_600_000_000


class Histogram:
    """How many times fell where; a call that never succeeded counts as +inf."""

    __slots__ = ("counts", "finite", "infinite", "max_s", "sum_s")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.finite = 0
        self.infinite = 0
        self.sum_s = 0.0
        self.max_s = 0.0

    @property
    def total(self) -> int:
        """All that was added, the infinite ones included."""
        return self.finite + self.infinite

    @property
    def mean_s(self) -> float:
        """The mean: +inf as soon as one value is, never a mean of survivors; NaN when empty."""
        if self.infinite:
            return math.inf
        return self.sum_s / self.finite if self.finite else math.nan

    def add(self, seconds: float) -> None:
        """Count one time; what is below zero counts as zero, above 1 h as 1 h."""
        us = int(seconds * 1e6 + 0.5)
        if us < 2 * _SUB_BUCKETS:
            index = max(us, 0)
        else:
            us = min(us, _LARGEST_US)
            shift = us.bit_length() - _SUB_BITS - 1
            index = shift * _SUB_BUCKETS + (us >> shift)
        self.counts[index] = self.counts.get(index, 0) + 1
        self.finite += 1
        self.sum_s += seconds
        self.max_s = max(self.max_s, seconds)

    def add_many(self, seconds: NDArray[np.float64]) -> None:
        """Count many times at once, each as `add` does."""
        if not len(seconds):
            return
        us = np.clip((seconds * 1e6 + 0.5).astype(np.int64), 0, _LARGEST_US)
        _, bit_length = np.frexp(us.astype(np.float64))
        shift = np.maximum(bit_length.astype(np.int64) - _SUB_BITS - 1, 0)
        how_often = np.bincount(shift * _SUB_BUCKETS + (us >> shift))
        found = np.flatnonzero(how_often)
        for index, count in zip(found.tolist(), how_often[found].tolist(), strict=True):
            self.counts[index] = self.counts.get(index, 0) + count
        self.finite += len(seconds)
        self.sum_s += float(seconds.sum())
        self.max_s = max(self.max_s, float(seconds.max()))

    def add_infinite(self, calls: int = 1) -> None:
        """Count calls that have no time: they failed or did not finish."""
        self.infinite += calls

    def merge(self, other: "Histogram") -> None:
        """Pool another histogram into this one: the same as having added all its values here."""
        for index, count in other.counts.items():
            self.counts[index] = self.counts.get(index, 0) + count
        self.finite += other.finite
        self.infinite += other.infinite
        self.sum_s += other.sum_s
        self.max_s = max(self.max_s, other.max_s)

    def copy(self) -> "Histogram":
        """An independent copy; quick."""
        copy = Histogram()
        copy.counts = dict(self.counts)
        copy.finite, copy.infinite = self.finite, self.infinite
        copy.sum_s, copy.max_s = self.sum_s, self.max_s
        return copy

    def quantile(self, q: float) -> float:
        """The nearest-rank quantile in seconds (numpy's "inverted_cdf"): NaN when empty.

        +inf when so many values are infinite that the rank falls among them.
        """
        rank = max(1, math.ceil(q * self.total - 1e-9))
        if not self.total:
            return math.nan
        if rank > self.finite:
            return math.inf
        return min(_middle_s(self._index_at(rank)), self.max_s)

    def share_above(self, seconds: float) -> float:
        """Share of the values above a time, to the width of a bucket; 0 when empty."""
        above = sum(count for index, count in self.counts.items() if _middle_s(index) > seconds)
        return (above + self.infinite) / self.total if self.total else 0.0

    def _index_at(self, rank: int) -> int:
        seen = 0
        for index, count in self._in_order():
            seen += count
            if seen >= rank:
                return index
        raise AssertionError("the counts are fewer than `finite` says")

    def _in_order(self) -> Iterator[tuple[int, int]]:
        return iter(sorted(self.counts.items()))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a message or a JSON file; only buckets that hold something."""
        return {
            "buckets": [list(pair) for pair in self._in_order()],
            "infinite": self.infinite,
            "sum_s": self.sum_s,
            "max_s": self.max_s,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Histogram":
        """The histogram that `to_dict` described."""
        histogram = cls()
        histogram.counts = {int(index): int(count) for index, count in values["buckets"]}
        histogram.finite = sum(histogram.counts.values())
        histogram.infinite = int(values["infinite"])
        histogram.sum_s = float(values["sum_s"])
        histogram.max_s = float(values["max_s"])
        return histogram


def _middle_s(index: int) -> float:
    """The middle of a bucket, in seconds; a bucket below 2048 us is one whole microsecond."""
    if index < 2 * _SUB_BUCKETS:
        return index / 1e6
    shift = index // _SUB_BUCKETS - 1
    low = (index - shift * _SUB_BUCKETS) << shift
    return (low + (1 << shift) / 2) / 1e6
