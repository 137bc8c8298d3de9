"""Calls that are out of time, found by one timer for all that were given the same time."""

from collections.abc import Callable
from typing import Any, Protocol

import gevent

FEW_LANES = 64
SOON_S = 0.001
"""Nobody's deadline is looked after more finely: many that pass at about once are one look."""


class Timed(Protocol):
    """What has a deadline."""

    def out_of_time(self) -> None:
        """Its deadline has passed; called in the hub, so it must not wait."""
        ...


class Deadlines:
    """Tells calls of one hub when their deadlines have passed.

    Args:
        now_s: The monotonic clock.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._lanes: dict[float, Lane] = {}
        self._most_lanes = FEW_LANES

    def lane(self, timeout_s: float) -> "Lane":
        """Where calls with this much time belong."""
        lane = self._lanes.get(timeout_s)
        if lane is None:
            if len(self._lanes) >= self._most_lanes:
                self._forget_empty_ones()
            lane = self._lanes[timeout_s] = Lane(timeout_s, self._now_s)
        return lane

    def _forget_empty_ones(self) -> None:
        self._lanes = {timeout_s: one for timeout_s, one in self._lanes.items() if one.calls}
        self._most_lanes = 2 * len(self._lanes) + FEW_LANES


class Lane:
    """Calls that have the same time: who begins first is due first.

    Args:
        timeout_s: Their time.
        now_s: The monotonic clock.

    Attributes:
        calls: With their deadlines, in that order; who is over early is taken out.
    """

    __slots__ = ("_now_s", "_timeout_s", "_timer", "calls")

    def __init__(self, timeout_s: float, now_s: Callable[[], float]) -> None:
        self.calls: dict[Timed, float] = {}
        self._timeout_s = timeout_s
        self._now_s = now_s
        self._timer: Any = None  # None while nobody's deadline is waited for

    def add(self, call: Timed, begun_s: float) -> None:
        """A call that began just now, after those that were added before."""
        self.calls[call] = begun_s + self._timeout_s
        if self._timer is None:
            self._look_in(self._timeout_s)

    def _look_in(self, seconds: float) -> None:
        self._timer = gevent.get_hub().loop.timer(max(SOON_S, seconds), ref=False)
        self._timer.start(self._look)

    def _look(self) -> None:
        """Tell who is due; wait for the next one, if there is one."""
        self._timer.close()
        self._timer = None
        now_s, due = self._now_s(), []
        for call, ends_s in self.calls.items():
            if ends_s > now_s:
                self._look_in(ends_s - now_s)
                break
            due.append(call)
        for call in due:
            del self.calls[call]
            call.out_of_time()
