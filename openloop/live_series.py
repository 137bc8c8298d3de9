"""A run over time, merged over its members: bounded by making the windows wider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openloop.live_state import Amounts, Second

MOST_WINDOWS = 600
OPEN_SECONDS = 10
"""So many seconds may still change: a message of a member may be late or lost."""


@dataclass
class Window:
    """What all members did in a stretch of the run.

    Attributes:
        start_s: Its begin, seconds from the epoch.
        width_s: Its length.
        in_flight: Calls under way at its end.
    """

    start_s: float
    width_s: float
    in_flight: int
    amounts: Amounts


class LiveSeries:
    """Takes members' seconds in any order, each as often as it comes."""

    def __init__(self) -> None:
        self.width = 1
        self._closed: dict[int, Window] = {}
        self._open: dict[int, dict[str, Second]] = {}
        self._closed_to = -1

    def take(self, member: str, seconds: Iterable[Second]) -> None:
        """Note what a member did in these seconds; what is long over stays as it is."""
        for second in seconds:
            if second.at > self._closed_to:
                self._open.setdefault(second.at, {})[member] = second
        self._close_old()

    def windows(self, from_s: float = 0.0) -> list[Window]:
        """The windows that end after `from_s`, oldest first, without a last incomplete second."""
        windows = dict(self._closed)
        for at in self._shown():
            self._put(windows, at, self._open[at].values())
        places = sorted(place for place in windows if (place + 1) * self.width > from_s)
        return [windows[place] for place in places]

    def _shown(self) -> list[int]:
        """Open seconds but the newest while a member that told of the one before is missing."""
        seconds = sorted(self._open)
        if len(seconds) > 1 and len(self._open[seconds[-1]]) < len(self._open[seconds[-2]]):
            seconds.pop()
        return seconds

    def _close_old(self) -> None:
        newest = max(self._open, default=0)
        for at in sorted(at for at in self._open if at <= newest - OPEN_SECONDS):
            self._put(self._closed, at, self._open.pop(at).values())
            self._closed_to = at
        while len(self._closed) > MOST_WINDOWS:
            self._widen()

    def _put(self, windows: dict[int, Window], at: int, members: Iterable[Second]) -> None:
        """Add what members did in a second to the window it lies in."""
        amounts, in_flight = Amounts(), 0
        for second in members:
            amounts.merge(second.amounts)
            in_flight += second.in_flight
        place = at // self.width
        if place in windows:
            amounts.merge(windows[place].amounts)
        windows[place] = Window(place * self.width, self.width, in_flight, amounts)

    def _widen(self) -> None:
        before, self._closed = self._closed, {}
        self.width *= 2
        for place in sorted(before):
            old, wide = before[place], place // 2
            amounts = old.amounts
            if wide in self._closed:
                amounts = self._closed[wide].amounts
                amounts.merge(old.amounts)
            self._closed[wide] = Window(wide * self.width, self.width, old.in_flight, amounts)
