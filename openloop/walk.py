"""A dispatcher in a greenlet of its own, from the first plan on."""

from __future__ import annotations

import gevent

from openloop.dispatcher import Dispatcher, Send
from openloop.lease import Leave
from openloop.pacer import new_pacer
from openloop.sending import SendingSetup
from shapes.plan import Plan


class Walk:
    """One member's walk through its plan, in this process's hub.

    Args:
        setup: Whose arrivals, and who is told of those that are not sent.
        leave: Whether an arrival may be sent when its moment has come.
        send: Called with (k, intended_s) when one is due.
        first_k: The first that is looked at.
    """

    def __init__(self, setup: SendingSetup, *, leave: Leave, send: Send, first_k: int = 0) -> None:
        self._pacer = new_pacer(setup.clock)
        self._dispatcher = Dispatcher(
            setup.standing.member,
            clock=setup.clock,
            pacer=self._pacer,
            leave=leave,
            send=send,
            skip=setup.recorder.unsent,
        )
        self._dispatcher.next_k = first_k
        self._walking: gevent.Greenlet | None = None

    @property
    def next_k(self) -> int:
        """The first arrival that is not dispatched yet."""
        return self._dispatcher.next_k

    @property
    def reached_s(self) -> float:
        """The intended time of the last one that was; -inf before."""
        return self._dispatcher.reached_s

    def follow(self, plan: Plan, epoch_monotonic_s: float) -> None:
        """Take the newest version of the plan; the first one starts the walk."""
        self._dispatcher.follow(plan, epoch_monotonic_s=epoch_monotonic_s)
        if self._walking is None:
            self._walking = gevent.spawn(self._dispatcher.run)

    def join(self) -> None:
        """Wait until the plan's end has come and no newer plan moved it."""
        if self._walking is not None:
            self._walking.join()

    def close(self) -> None:
        """Give the timer back."""
        self._pacer.close()
