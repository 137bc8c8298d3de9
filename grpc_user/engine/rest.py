"""What is left of a plan when nothing can send it any more: noted as unsent when it falls due."""

from __future__ import annotations

import gevent

from openloop.dispatcher import Dispatcher
from openloop.pacer import new_pacer
from openloop.sending import SendingSetup
from shapes.plan import Plan

STOPPED = "stopped"


class _Nothing:
    """Leave to send nothing."""

    def refusal(self, due_s: float, now_s: float) -> str | None:  # noqa: ARG002 - the protocol's
        """Why an arrival must not be sent."""
        return STOPPED


class RestUnsent:
    """Walks the rest of the plan in place of an engine.

    Args:
        setup: Whose arrivals, and who is told.
        first_k: The first of them.
    """

    def __init__(self, setup: SendingSetup, first_k: int) -> None:
        self._pacer = new_pacer(setup.clock)
        self._dispatcher = Dispatcher(
            setup.standing.member,
            clock=setup.clock,
            pacer=self._pacer,
            leave=_Nothing(),
            send=_never,
            skip=setup.recorder.unsent,
        )
        self._dispatcher.next_k = first_k
        self._walking: gevent.Greenlet | None = None

    @property
    def next_k(self) -> int:
        """The first arrival that is not noted yet."""
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
        """Wait until the plan's end has come."""
        if self._walking is not None:
            self._walking.join()

    def close(self) -> None:
        """Give the timer back."""
        self._pacer.close()


def _never(k: int, intended_s: float) -> None:
    raise AssertionError(f"arrival {k} of {intended_s} s has no leave to be sent")
