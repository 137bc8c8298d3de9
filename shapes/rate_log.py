"""The rate over time as a log of linear pieces, its integral, and the exact inverse of that.

Which piece an arrival belongs to is decided between whole nano-units of operational time, and its
second depends on that piece alone. So an edit leaves each arrival before it as it was, bit for bit.
"""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapes.errors import InvalidValue
from shapes.linear_piece import nano_to_pass, seconds_after
from shapes.operational_time import MAX_NANO, NANO
from shapes.quantities import MAX_RATE_RPS

MAX_SEGMENTS = 20_000
_ROUNDING_RPS = 1e-6
"""A ramp whose end is outside the valid rates by no more than this is so by rounding alone."""


@dataclass(frozen=True)
class RateSegment:
    """A linear piece of the rate; it holds until the next one's start, the last for ever."""

    start_s: float
    rate_rps: float
    slope_rps_per_s: float = 0.0

    def rate_at(self, t_s: float) -> float:
        """The rate at `t_s`, were this segment still to hold then; never below 0."""
        return max(0.0, self.rate_rps + self.slope_rps_per_s * (t_s - self.start_s))


@dataclass(frozen=True)
class RateLog:
    """The rate from the epoch on.

    Attributes:
        segments: By start, the first at 0 s, the last level.

    Raises:
        InvalidValue: when a rate is negative, not finite or above `MAX_RATE_RPS`, when the starts
            do not rise from 0, or when more arrivals fall due than can be counted.
    """

    segments: tuple[RateSegment, ...]

    def __post_init__(self) -> None:
        _check_starts(self.segments)
        for segment, end_s in zip(self.segments, self._ends_s, strict=True):
            _check_rates(segment, end_s)
        self._check_countable()

    def rate_at(self, t_s: float) -> float:
        """The rate in requests per second at `t_s`; at a switch, the new one."""
        return self.segments[self._index_at(t_s)].rate_at(t_s)

    def integral(self, t_s: Any) -> Any:
        """Arrivals expected in [0, t_s): a float for a float, an array for an array."""
        times = np.maximum(np.asarray(t_s, dtype=np.float64), 0.0)
        index = np.searchsorted(self._starts_s, times, side="right") - 1
        elapsed = times - self._starts_s[index]
        within = elapsed * (self._rates_rps[index] + 0.5 * self._slopes[index] * elapsed)
        expected = self._knots_nano[index] / NANO + within
        return expected if np.ndim(t_s) else float(expected)

    def inverse(self, operational: Any) -> NDArray[np.float64]:
        """Seconds at which so many arrivals are expected; inf where they never are.

        `operational` is in expected arrivals, of any shape and order. For the arrivals of a plan
        use `times_s`, which takes exact nano-units.
        """
        expected = np.asarray(operational, dtype=np.float64)
        is_countable = expected < MAX_NANO / NANO
        nano = np.rint(np.where(is_countable, expected, 0.0) * NANO).astype(np.int64).ravel()
        order = np.argsort(nano, kind="stable")
        times = np.empty(nano.size)
        times[order] = self.times_s(np.maximum(nano[order], 0))
        return np.where(is_countable, times.reshape(expected.shape), math.inf)

    def times_s(self, nano: NDArray[np.int64]) -> NDArray[np.float64]:
        """Seconds of the sorted operational times `nano`, sorted too; inf where never reached."""
        if not nano.size:
            return np.empty(0)
        first, last = np.searchsorted(self._knots_nano, nano[[0, -1]], side="right") - 1
        if first == last:
            return self._times_in(int(first), nano)
        cuts = np.searchsorted(nano, self._knots_nano[first + 1 : last + 1])
        parts = enumerate(np.split(nano, cuts), start=int(first))
        return np.concatenate([self._times_in(index, part) for index, part in parts if part.size])

    @property
    def starts_nano(self) -> NDArray[np.int64]:
        """The operational time at which each segment starts: the first that belongs to it."""
        return self._knots_nano

    def nano_at(self, t_s: float) -> int:
        """The first operational time, in nano-units, whose second is at or after `t_s`.

        So `e >= nano_at(t)` exactly when `times_s([e]) >= [t]`; at most `MAX_NANO`.
        For t = inf: the first that is never reached, where the rate stops for good.
        """
        if t_s <= 0:
            return 0
        piece = slice(index := self._index_at(t_s), index + 1)
        end_s = np.array([min(t_s, sys.float_info.max)])
        within = nano_to_pass(
            self._rates_rps[piece], self._slopes[piece], self._starts_s[piece], end_s
        )
        return min(int(self._knots_nano[index]) + int(within[0]), MAX_NANO)

    def peak_rps(self, until_s: float) -> float:
        """The highest rate in [0, until_s]."""
        reached = (
            (segment, min(end_s, until_s))
            for segment, end_s in zip(self.segments, self._ends_s, strict=True)
            if segment.start_s <= until_s
        )
        return max((max(s.rate_rps, _end_rate(s, end_s)) for s, end_s in reached), default=0.0)

    def edited(self, at_s: float, to_rps: float, ramp_rps_per_s: float | None) -> "RateLog":
        """This log with the rate going to `to_rps` from `at_s` on, and staying there.

        At once when `ramp_rps_per_s` is None, else linearly from `rate_at(at_s)`, changing by that
        much each second. Nothing before `at_s` changes; nothing after it is kept.

        Raises:
            InvalidValue: for a time, rate or ramp that is not valid.
        """
        _check_edit_time(at_s)
        return RateLog(
            (*self._before(at_s), *_change(at_s, self.rate_at(at_s), to_rps, ramp_rps_per_s))
        )

    def scaled_from(self, at_s: float, factor: float) -> "RateLog":
        """This log with every rate from `at_s` on times `factor`; nothing before it changes.

        Raises:
            InvalidValue: for a time or factor that is not valid, or rates that become too high.
        """
        _check_edit_time(at_s)
        if not 0 <= factor < math.inf:
            raise InvalidValue(f"rate factor is {factor!r}; valid: a finite number, at least 0")
        current, *later = self.segments[self._index_at(at_s) :]
        current = RateSegment(at_s, current.rate_at(at_s), current.slope_rps_per_s)
        after = (
            RateSegment(s.start_s, s.rate_rps * factor, s.slope_rps_per_s * factor)
            for s in (current, *later)
        )
        return RateLog((*self._before(at_s), *after))

    def to_list(self) -> list[list[float]]:
        """Plain rows `[start_s, rate_rps, slope_rps_per_s]` for messages and files."""
        return [
            [float(s.start_s), float(s.rate_rps), float(s.slope_rps_per_s)] for s in self.segments
        ]

    @classmethod
    def from_list(cls, rows: Iterable[Sequence[float]]) -> "RateLog":
        """The log that `to_list` wrote.

        Raises:
            InvalidValue: when these are not rows of numbers, or not a valid log.
        """
        try:
            segments = tuple(RateSegment(*map(_number, row)) for row in rows)
        except (TypeError, ValueError):
            raise InvalidValue(
                f"rates are {rows!r:.80}; valid: rows of [start_s, rate_rps, slope_rps_per_s]"
            ) from None
        return cls(segments)

    def _before(self, at_s: float) -> tuple[RateSegment, ...]:
        return tuple(segment for segment in self.segments if segment.start_s < at_s)

    def _index_at(self, t_s: float) -> int:
        return max(0, int(np.searchsorted(self._starts_s, t_s, side="right")) - 1)

    def _times_in(self, index: int, nano: NDArray[np.int64]) -> NDArray[np.float64]:
        segment = self.segments[index]
        within = nano - self._knots_nano[index]
        return segment.start_s + seconds_after(segment.rate_rps, segment.slope_rps_per_s, within)

    def _check_countable(self) -> None:
        expected = 0.0
        for s, end_s in zip(self.segments[:-1], self._ends_s, strict=False):
            expected += (end_s - s.start_s) * 0.5 * (s.rate_rps + _end_rate(s, end_s))
        if expected >= MAX_NANO / NANO:
            raise InvalidValue(
                f"rates add up to {expected:.3g} arrivals; valid: at most {MAX_NANO / NANO:.3g}"
            )

    @cached_property
    def _ends_s(self) -> tuple[float, ...]:
        return (*(segment.start_s for segment in self.segments[1:]), math.inf)

    @cached_property
    def _starts_s(self) -> NDArray[np.float64]:
        return np.array([segment.start_s for segment in self.segments])

    @cached_property
    def _rates_rps(self) -> NDArray[np.float64]:
        return np.array([segment.rate_rps for segment in self.segments])

    @cached_property
    def _slopes(self) -> NDArray[np.float64]:
        return np.array([segment.slope_rps_per_s for segment in self.segments])

    @cached_property
    def _knots_nano(self) -> NDArray[np.int64]:
        """Operational time at each segment's start: the first one that belongs to it."""
        lengths = nano_to_pass(
            self._rates_rps[:-1], self._slopes[:-1], self._starts_s[:-1], self._starts_s[1:]
        )
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError
    return float(value)


def _end_rate(segment: RateSegment, end_s: float) -> float:
    # A level piece may last for ever, and 0 * inf is not a number.
    return segment.rate_at(end_s) if segment.slope_rps_per_s else segment.rate_rps


def _change(
    at_s: float, from_rps: float, to_rps: float, ramp_rps_per_s: float | None
) -> tuple[RateSegment, ...]:
    if ramp_rps_per_s is None:
        return (RateSegment(at_s, to_rps),)
    if not 0 < ramp_rps_per_s < math.inf:
        raise InvalidValue(f"ramp is {ramp_rps_per_s!r}; valid: rps per second, above 0, finite")
    reached_s = at_s + abs(to_rps - from_rps) / ramp_rps_per_s
    if reached_s == at_s:
        return (RateSegment(at_s, to_rps),)
    slope = math.copysign(ramp_rps_per_s, to_rps - from_rps)
    return (RateSegment(at_s, from_rps, slope), RateSegment(reached_s, to_rps))


def _check_edit_time(at_s: float) -> None:
    if not 0 <= at_s < math.inf:
        raise InvalidValue(f"time of a rate edit is {at_s!r}; valid: seconds >= 0, finite")


def _check_starts(segments: tuple[RateSegment, ...]) -> None:
    if not 0 < len(segments) <= MAX_SEGMENTS:
        raise InvalidValue(f"rate log has {len(segments)} pieces; valid: 1 to {MAX_SEGMENTS}")
    starts = [segment.start_s for segment in segments]
    is_rising = all(a < b for a, b in pairwise(starts)) and starts[-1] < math.inf
    if starts[0] != 0 or not is_rising:
        raise InvalidValue(f"rate log starts at {starts!r:.80}; valid: 0, then rising, finite")


def _check_rates(segment: RateSegment, end_s: float) -> None:
    rate, slope = segment.rate_rps, segment.slope_rps_per_s
    if slope != 0 and math.isinf(end_s):
        raise InvalidValue(f"last rate has slope {slope!r}; valid: a level last rate")
    end_rate = rate + slope * (end_s - segment.start_s) if slope else rate
    is_valid = 0 <= rate <= MAX_RATE_RPS and (rate > 0 or slope >= 0)
    if not is_valid or not -_ROUNDING_RPS <= end_rate <= MAX_RATE_RPS + _ROUNDING_RPS:
        raise InvalidValue(
            f"rate goes from {rate!r} to {end_rate!r} rps; valid: 0 to {MAX_RATE_RPS:,.0f}"
        )
