"""Greenlets that run arrivals, each of them many in turn.

A greenlet that begins takes memory from the system and one that ends gives it back (Python keeps a
stack of frames for each: two system calls and a page fault), which cost more than all that is done
for an arrival before its call leaves. So a greenlet whose arrival is over waits for the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event

from openloop.arrival import Arrival, ArrivalGreenlet

MOST_AT_REST = 512
"""Greenlets kept for later, 10 KiB or more each: after an overload the memory is given back."""

Work = Callable[[Arrival], None]


class Crew:
    """Runs each arrival in a greenlet that nobody else has meanwhile, in the order of `start`.

    What a task leaves in its greenlet (context variables, `gevent.local`, a `gevent.Timeout` that
    it started and did not close) is there for a later arrival, as in a closed-loop user's greenlet.

    Args:
        work: Called with the arrival in its greenlet.
        most_at_rest: How many greenlets wait for their next arrival at most.
    """

    def __init__(self, work: Work, most_at_rest: int = MOST_AT_REST) -> None:
        self._work = work
        self._most_at_rest = most_at_rest
        self._busy: set[_Hand] = set()
        self._at_rest: list[_Hand] = []
        self._nothing_under_way = Event()

    def __len__(self) -> int:
        """How many arrivals are under way now."""
        return len(self._busy)

    def start(self, arrival: Arrival) -> None:
        """Run an arrival as soon as who calls this waits for something."""
        hand = self._at_rest.pop() if self._at_rest else _Hand(self._serve)
        self._busy.add(hand)
        hand.take(arrival)

    def join(self, timeout_s: float) -> None:
        """Wait until no arrival is under way, or no longer."""
        self._nothing_under_way.clear()
        if self._busy:
            self._nothing_under_way.wait(timeout_s)

    def cut_off(self, timeout_s: float) -> None:
        """Throw GreenletExit into what is under way and wait for its end; nobody stays at rest."""
        everybody = [*self._busy, *self._at_rest]
        for hand in everybody:
            hand.is_leaving = True
        gevent.killall(everybody, block=True, timeout=timeout_s)

    def _serve(self) -> None:
        hand: _Hand = gevent.getcurrent()
        while hand.arrival is not None:
            try:
                self._work(hand.arrival)
            finally:
                self._release(hand)
            if hand.is_leaving or len(self._at_rest) >= self._most_at_rest:
                return
            self._rest(hand)

    def _release(self, hand: _Hand) -> None:
        hand.arrival = None
        self._busy.discard(hand)
        if not self._busy:
            self._nothing_under_way.set()

    def _rest(self, hand: _Hand) -> None:
        """Wait for the next arrival. What is thrown in meanwhile was meant for an earlier one."""
        self._at_rest.append(hand)
        try:
            hand.wait()
        except BaseException:
            if hand.arrival is None:
                self._at_rest.remove(hand)
                raise


class _Hand(ArrivalGreenlet):
    """One greenlet of the crew."""

    is_leaving = False
    _waking: Any = None  # the switch to it that is about to be made

    def take(self, arrival: Arrival) -> None:
        """Run this arrival soon."""
        self.arrival = arrival
        if not self:  # gevent's word for a greenlet that has not begun
            self.start()
        else:
            self._waking = self.parent.loop.run_callback(self.switch)

    def wait(self) -> None:
        """Until there is an arrival; others' late switches to this greenlet are no reason."""
        try:
            while self.arrival is None:
                self.parent.switch()
        finally:
            if self._waking is not None:
                self._waking.stop()
                self._waking = None
