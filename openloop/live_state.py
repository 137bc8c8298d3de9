"""What a member tells of a run while it is under way: bounded, once a second, no single requests.

The last seconds are told whole each time, and the sums since the start beside them, so losing or
repeating one message does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from verdict.histogram import Histogram

FINE = 64
_STEP_ABOVE = 32
_MICROSECONDS = 2048


def thinned(counts: Mapping[int, int]) -> dict[int, int]:
    """A histogram's counts in buckets 3 % wide: about 32 for each doubling of the time."""
    thin: dict[int, int] = {}
    for index, count in counts.items():
        place = _thin_index(index)
        thin[place] = thin.get(place, 0) + count
    return thin


def _thin_index(index: int) -> int:
    if index < FINE:
        return index
    step = _STEP_ABOVE if index >= _MICROSECONDS else 1 << (index.bit_length() - 6)
    return index - index % step + step // 2


@dataclass
class Amounts:
    """What happened in a stretch of time, or so far.

    Attributes:
        sent: Calls that left.
        ok: Calls that ended well.
        failed: Calls that failed.
        unfinished: Calls that were cut off.
        unsent: Arrivals that were not sent, by reason.
        failures: Failed calls, by class.
        lag: Of the calls that ended; seconds.
        latency: From the intended time; a call that did not succeed counts as +inf.
    """

    sent: int = 0
    ok: int = 0
    failed: int = 0
    unfinished: int = 0
    unsent: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    lag: Histogram = field(default_factory=Histogram)
    latency: Histogram = field(default_factory=Histogram)

    @property
    def ended(self) -> int:
        """Calls that are over."""
        return self.ok + self.failed + self.unfinished

    @property
    def not_sent(self) -> int:
        """Arrivals that were not sent, for any reason."""
        return sum(self.unsent.values())

    def merge(self, other: Amounts) -> None:
        """Add another member's, or another stretch's."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _BY_NAME:
            mine = getattr(self, name)
            for key, count in getattr(other, name).items():
                mine[key] = mine.get(key, 0) + count
        self.lag.merge(other.lag)
        self.latency.merge(other.latency)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a message."""
        return {
            **{name: getattr(self, name) for name in _NUMBERS},
            **{name: dict(getattr(self, name)) for name in _BY_NAME},
            **{name: getattr(self, name).to_dict() for name in _HISTOGRAMS},
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Amounts:
        """The amounts that `to_dict` described."""
        return cls(
            sent=int(values["sent"]),
            ok=int(values["ok"]),
            failed=int(values["failed"]),
            unfinished=int(values["unfinished"]),
            unsent=dict(values["unsent"]),
            failures=dict(values["failures"]),
            lag=Histogram.from_dict(values["lag"]),
            latency=Histogram.from_dict(values["latency"]),
        )


_NUMBERS = ("sent", "ok", "failed", "unfinished")
_BY_NAME = ("unsent", "failures")
_HISTOGRAMS = ("lag", "latency")


@dataclass
class Second:
    """One second of a member; never changed once it is made.

    Attributes:
        at: Which second from the epoch: 0 is the first.
        in_flight: Calls under way at its end.
    """

    at: int
    in_flight: int
    amounts: Amounts

    @cached_property
    def plain(self) -> dict[str, Any]:
        """Plain values for a message: made once, told several times."""
        return {"at": self.at, "in_flight": self.in_flight, **self.amounts.to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Second:
        """The second that `plain` described."""
        return cls(int(values["at"]), int(values["in_flight"]), Amounts.from_dict(values))


@dataclass
class MemberState:
    """What one member says of itself.

    Attributes:
        run_id: The run.
        member: Its name in the plan.
        seconds: The last few, oldest first.
        whole: Sums of the whole run; its histograms stay empty.
        measured: Sums of the measured phase.
        in_flight: Calls under way now.
        late_plans: Plans that reached it after taking effect.
        engine_deaths: Its engine processes (`--engine process`) that ended before told to.
        engine_hangs: Of those, the ones that hung and were killed.
        cpu_share: CPU seconds of its process per second of the run.
        record_error: Why its records cannot be written; None when they can.
        clock_error_s: How sure the clock offset is that it uses.
    """

    run_id: str
    member: str
    seconds: list[Second]
    whole: Amounts
    measured: Amounts
    in_flight: int
    late_plans: int
    engine_deaths: int
    engine_hangs: int
    cpu_share: float
    record_error: str | None
    offset_s: float
    clock_error_s: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a message."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "seconds": [second.plain for second in self.seconds],
            "whole": self.whole.to_dict(),
            "measured": self.measured.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> MemberState:
        """The state that `to_dict` described.

        Raises:
            KeyError, TypeError, ValueError: for what is not one.
        """
        return cls(
            **{name: values[name] for name in _PLAIN},
            seconds=[Second.from_dict(second) for second in values["seconds"]],
            whole=Amounts.from_dict(values["whole"]),
            measured=Amounts.from_dict(values["measured"]),
        )


_PLAIN = (
    "run_id",
    "member",
    "in_flight",
    "late_plans",
    "engine_deaths",
    "engine_hangs",
    "cpu_share",
    "record_error",
    "offset_s",
    "clock_error_s",
)
