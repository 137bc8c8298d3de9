"""A call of one message each way, and the greenlet that waits for its end."""

from collections.abc import Callable
from typing import Any

import gevent

from grpc_user.h2.deadlines import Lane
from grpc_user.h2.exchange import Exchange
from grpc_user.h2.session import Session
from grpc_user.h2.status import CANCELLED, DEADLINE


class UnaryCall:
    """Switches to its greenlet when the call has ended: no event and no timer of its own.

    Args:
        session: What carries it.
        now_s: The monotonic clock.

    Attributes:
        exchange: The call as its connection sees it.
        received_s: When its end was here.
    """

    __slots__ = ("_greenlet", "_now_s", "_session", "_wake_up", "exchange", "received_s")

    def __init__(self, session: Session, now_s: Callable[[], float]) -> None:
        self._session = session
        self._now_s = now_s
        self._greenlet = gevent.getcurrent()
        self._wake_up: Any = None  # a switch to the greenlet that is about to be made
        self.exchange = Exchange(self._changed)

    def run(self, block: bytes, request: bytes, lane: Lane | None, begun_s: float) -> None:
        """Send it and wait for its end.

        Args:
            block: Its headers.
            request: Its message.
            lane: Calls with the same time to their deadlines; None for a call without one.
            begun_s: When its time began to run.
        """
        session, exchange = self._session, self.exchange
        session.connection.begin(exchange, block, request)
        session.flush()
        if lane is not None:
            lane.add(self, begun_s)
        wait = session.hub.switch
        try:
            while exchange.status is None:
                wait()
        except BaseException:
            self._cut_off()
            raise
        finally:
            if lane is not None:
                lane.calls.pop(self, None)

    def out_of_time(self) -> None:
        """End it as late."""
        self._end(*DEADLINE)

    def _cut_off(self) -> None:
        self._end(*CANCELLED)
        if self._wake_up is not None:
            self._wake_up.stop()  # it would reach a greenlet that waits for other things

    def _end(self, code: str, details: str) -> None:
        self._session.connection.cancel(self.exchange, code, details)
        self._session.flush()

    def _changed(self) -> None:
        if self.exchange.status is not None:
            self.received_s = self._now_s()
            self._wake_up = self._session.run_soon(self._greenlet.switch)
