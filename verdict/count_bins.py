"""Arrivals in bins of 0.1 s: as planned and as sent.

For random laws the two samples of standardised counts z = (count - mean) / sqrt(mean) are compared;
for the equidistant law the dispersion sqrt(sum (sent - planned)^2 / sum sent) plays the part of the
gaps' CV: 0 when every bin holds what was planned, 1 when the counts scatter as a Poisson process's.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapes.rate_log import RateLog

WIDTH_S = 0.1
_OPEN_BINS = 20
_EDGES = np.linspace(-12.0, 12.0, 481)


class CountBins:
    """Open bins of the last 2 s, and what is kept of the closed ones."""

    def __init__(self) -> None:
        self.n = 0
        self.planned: NDArray[np.int64] = np.zeros(len(_EDGES) + 1, np.int64)
        self.sent: NDArray[np.int64] = np.zeros(len(_EDGES) + 1, np.int64)
        self.difference_squares = 0
        self.sent_total = 0
        self._first = 0
        self._open_planned: NDArray[np.int64] = np.zeros(0, np.int64)
        self._open_sent: NDArray[np.int64] = np.zeros(0, np.int64)

    @property
    def dispersion(self) -> float:
        """Root of the index of dispersion of sent against planned; 0 when nothing was sent."""
        return math.sqrt(self.difference_squares / self.sent_total) if self.sent_total else 0.0

    def add(
        self, intended_s: NDArray[np.float64], sent_s: NDArray[np.float64], rates: RateLog
    ) -> None:
        """Count arrivals; bins that lie more than 2 s before the newest are closed."""
        planned, sent = _bin_of(intended_s), _bin_of(sent_s)
        if not len(self._open_planned):
            self._first = int(min(planned.min(), sent.min()))
        self._make_room(int(max(planned.max(), sent.max())))
        last = len(self._open_planned)
        self._open_planned += np.bincount(self._place(planned), minlength=last)
        self._open_sent += np.bincount(self._place(sent), minlength=last)
        self._close(last - _OPEN_BINS, rates)

    def _make_room(self, newest: int) -> None:
        missing = newest - self._first + 1 - len(self._open_planned)
        if missing > 0:
            self._open_planned = np.pad(self._open_planned, (0, missing))
            self._open_sent = np.pad(self._open_sent, (0, missing))

    def _place(self, bins: NDArray[np.int64]) -> NDArray[np.int64]:
        # What comes for a closed bin is more than 2 s late: it counts in the oldest open one.
        return np.maximum(bins - self._first, 0)

    def _close(self, count: int, rates: RateLog) -> None:
        if count <= 0:
            return
        planned, sent = self._open_planned[:count], self._open_sent[:count]
        mean = self._mean_counts(count, rates)
        self._keep(planned, sent, mean)
        self._first += count
        self._open_planned, self._open_sent = (
            self._open_planned[count:],
            self._open_sent[count:],
        )

    def _mean_counts(self, count: int, rates: RateLog) -> NDArray[np.float64]:
        edges = (self._first + np.arange(count + 1)) * WIDTH_S
        return np.diff(np.asarray(rates.integral(edges), dtype=np.float64))

    def _keep(
        self,
        planned: NDArray[np.int64],
        sent: NDArray[np.int64],
        mean: NDArray[np.float64],
    ) -> None:
        self.difference_squares += int(((sent - planned) ** 2).sum())
        self.sent_total += int(sent.sum())
        live = mean > 0
        self.n += int(live.sum())
        self.planned += _standardised(planned[live], mean[live])
        self.sent += _standardised(sent[live], mean[live])

    def finish(self, rates: RateLog) -> None:
        """Close all open bins but the newest, which the end of the run may have cut short."""
        self._close(len(self._open_planned) - 1, rates)

    def merge(self, other: "CountBins") -> None:
        """Pool another member's bins."""
        self.n += other.n
        self.planned += other.planned
        self.sent += other.sent
        self.difference_squares += other.difference_squares
        self.sent_total += other.sent_total

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a message; call `finish` before."""
        return {
            "n": self.n,
            "planned": _sparse(self.planned),
            "sent": _sparse(self.sent),
            "difference_squares": self.difference_squares,
            "sent_total": self.sent_total,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "CountBins":
        """The bins that `to_dict` described."""
        bins = cls()
        bins.n = values["n"]
        _fill(bins.planned, values["planned"])
        _fill(bins.sent, values["sent"])
        bins.difference_squares = values["difference_squares"]
        bins.sent_total = values["sent_total"]
        return bins


def _bin_of(times_s: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(times_s / WIDTH_S).astype(np.int64)


def _standardised(counts: NDArray[np.int64], mean: NDArray[np.float64]) -> NDArray[np.int64]:
    z = (counts - mean) / np.sqrt(mean)
    return np.bincount(np.searchsorted(_EDGES, z), minlength=len(_EDGES) + 1)


def _sparse(counts: NDArray[np.int64]) -> list[list[int]]:
    return [[int(place), int(counts[place])] for place in np.flatnonzero(counts)]


def _fill(counts: NDArray[np.int64], pairs: list[list[int]]) -> None:
    for place, count in pairs:
        counts[place] = count
