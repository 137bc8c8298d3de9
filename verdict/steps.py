"""Numbers that change at moments and hold in between: pods over time, and intervals of time."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Steps:
    """A step function of time; not known (NaN) before its first moment.

    Attributes:
        at_s: Moments of change, rising strictly, seconds from the epoch.
        values: What holds from each of them on.
    """

    at_s: Floats
    values: Floats

    def at(self, t_s: Floats) -> Floats:
        """The value at each time, that of a change from its very moment on."""
        place = np.searchsorted(self.at_s, t_s, side="right") - 1
        known = place >= 0
        found = np.full(np.shape(t_s), np.nan)
        found[known] = self.values[place[known]]
        return found

    def at_one(self, t_s: float) -> float:
        """The value at one time."""
        return float(self.at(np.array([t_s]))[0])

    def cut(self, from_s: float, to_s: float) -> tuple[Floats, Floats]:
        """The pieces inside [from, to): lengths in seconds and the value of each."""
        inside = self.at_s[(self.at_s > from_s) & (self.at_s < to_s)]
        edges = np.concatenate([[from_s], inside, [max(from_s, to_s)]])
        return np.diff(edges), self.at(edges[:-1])

    def area(self, from_s: float, to_s: float) -> float:
        """Value times seconds over [from, to); NaN where part of it is not known."""
        lengths, values = self.cut(from_s, to_s)
        return float(lengths @ values)

    def largest(self, from_s: float, to_s: float) -> float:
        """The largest known value in [from, to); NaN where none is known."""
        _, values = self.cut(from_s, to_s)
        known = values[~np.isnan(values)]
        return float(known.max()) if len(known) else math.nan


def steps_of(changes: Iterable[tuple[float, float]]) -> Steps:
    """Steps from (time, value) in order of time; of several at one moment the last holds."""
    last = dict(changes)
    at_s = np.array(list(last), dtype=np.float64)
    values = np.array(list(last.values()), dtype=np.float64)
    changed = np.ones(len(values), dtype=bool)
    changed[1:] = values[1:] != values[:-1]
    return Steps(at_s[changed], values[changed])


def total_of(changes: Iterable[tuple[float, str, float]]) -> Steps:
    """Steps of the sum over keys, from (time, key, the key's new value) in order of time."""
    held: dict[str, float] = {}
    sums = []
    for at_s, key, value in changes:
        held[key] = value
        sums.append((at_s, sum(held.values())))
    return steps_of(sums)


def intervals_where(times_s: Floats, holds: NDArray[np.bool_], end_s: float) -> list[Interval]:
    """Intervals in which something holds, given whether it does from each moment on."""
    found: list[Interval] = []
    began: float | None = None
    for at_s, now in zip(times_s.tolist(), holds.tolist(), strict=True):
        if now and began is None:
            began = at_s
        elif not now and began is not None:
            found.append((began, at_s))
            began = None
    if began is not None and began < end_s:
        found.append((began, end_s))
    return found


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """The union of intervals: apart from each other, by time."""
    union: list[Interval] = []
    for from_s, to_s in sorted(intervals):
        if union and from_s <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], to_s))
        else:
            union.append((from_s, to_s))
    return union


def clipped(intervals: Iterable[Interval], from_s: float, to_s: float) -> list[Interval]:
    """The parts of intervals inside [from, to)."""
    parts = ((max(a, from_s), min(b, to_s)) for a, b in intervals)
    return [(a, b) for a, b in parts if a < b]


def length_s(intervals: Iterable[Interval]) -> float:
    """Seconds of all intervals together."""
    return sum(to_s - from_s for from_s, to_s in intervals)


def overlap_s(intervals: Sequence[Interval], from_s: Floats, to_s: Floats) -> Floats:
    """How much of each [from, to) lies inside intervals that are apart from each other."""
    if not intervals:
        return np.zeros(np.shape(from_s))
    edges = np.array(intervals, dtype=np.float64)
    covered = np.cumsum(np.diff(edges, axis=1).ravel())
    before = np.column_stack([covered - np.diff(edges, axis=1).ravel(), covered]).ravel()
    low, high = (np.interp(t_s, edges.ravel(), before) for t_s in (from_s, to_s))
    return np.asarray(np.maximum(high - low, 0.0))
