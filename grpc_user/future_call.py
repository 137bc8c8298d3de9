"""A call that its task does not wait for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gevent
import grpc

from grpc_user.call_failed import CallFailed
from grpc_user.call_report import CancelledByTask
from grpc_user.caught_call import FinishedCall
from grpc_user.transport import Metadata
from openloop.arrival import ArrivalGreenlet, current_arrival

MakeCall = Callable[[], tuple[Any, FinishedCall]]


class FutureCall(grpc.Future, grpc.Call):  # type: ignore[type-arg]  # generic in its stubs alone
    """Runs the call in a greenlet of its own, for the same arrival.

    When the greenlet that began it is killed, so is the call.

    Args:
        make_call: Makes the call; raises CallFailed when it fails.
    """

    def __init__(self, make_call: MakeCall) -> None:
        self._greenlet = ArrivalGreenlet(_settled, make_call)
        self._greenlet.arrival = current_arrival()
        self._owner = gevent.getcurrent()
        if isinstance(self._owner, gevent.Greenlet):
            self._owner.rawlink(self._owner_ended)
            self._greenlet.rawlink(lambda _: self._owner.unlink(self._owner_ended))
        self._greenlet.start()
        gevent.sleep(0)  # lets the call leave before the task goes on

    def result(self, timeout: float | None = None) -> Any:
        """The reply; waits for it.

        Raises:
            CallFailed: when the call failed.
            grpc.FutureTimeoutError: when it is not over in time.
            grpc.FutureCancelledError: when it was cancelled.
        """
        outcome = self._outcome(timeout)
        if isinstance(outcome, CallFailed):
            raise outcome
        return outcome[0]

    def exception(self, timeout: float | None = None) -> CallFailed | None:
        """The failure, if there is one; waits for the end."""
        outcome = self._outcome(timeout)
        return outcome if isinstance(outcome, CallFailed) else None

    def traceback(self, timeout: float | None = None) -> Any:
        """As `grpc.Future.traceback`."""
        failed = self.exception(timeout)
        return failed.__traceback__ if failed is not None else None

    def cancel(self) -> bool:
        """End the call; it counts as failed."""
        if self._greenlet.dead:
            return False
        self._greenlet.kill(CancelledByTask, block=True)
        return True

    def cancelled(self) -> bool:
        """Whether it was cancelled before its end."""
        return isinstance(self._greenlet.value, gevent.GreenletExit)

    def done(self) -> bool:
        """Whether it is over."""
        return bool(self._greenlet.dead)

    def running(self) -> bool:
        """Whether it is under way."""
        return not self.done()

    def add_done_callback(self, fn: Callable[[FutureCall], Any]) -> None:
        """Call `fn` with this object when the call is over."""
        self._greenlet.link(lambda _: fn(self))

    def is_active(self) -> bool:
        """As `grpc.RpcContext.is_active`."""
        return self.running()

    def time_remaining(self) -> float | None:  # type: ignore[override]  # its docs allow None
        """Not known here."""
        return None

    def add_callback(self, callback: Callable[[], Any]) -> bool:
        """As `grpc.RpcContext.add_callback`."""
        self.add_done_callback(lambda _: callback())
        return True

    def code(self) -> grpc.StatusCode:
        """The status code; waits for the end."""
        return self._status().code()

    def details(self) -> str:
        """The status's message; waits for the end."""
        return self._status().details()

    def trailing_metadata(self) -> Metadata:
        """Waits for the end."""
        return self._status().trailing_metadata()

    def initial_metadata(self) -> Metadata:
        """Waits for the end."""
        return self._status().initial_metadata()

    def _status(self) -> FinishedCall | CallFailed:
        outcome = self._outcome(None)
        return outcome if isinstance(outcome, CallFailed) else outcome[1]

    def _outcome(self, timeout: float | None) -> tuple[Any, FinishedCall] | CallFailed:
        try:
            value = self._greenlet.get(timeout=timeout)
        except gevent.Timeout:
            raise grpc.FutureTimeoutError from None
        if isinstance(value, gevent.GreenletExit):
            raise grpc.FutureCancelledError
        outcome: tuple[Any, FinishedCall] | CallFailed = value
        return outcome

    def _owner_ended(self, owner: gevent.Greenlet) -> None:
        if isinstance(owner.value, gevent.GreenletExit) and not self._greenlet.dead:
            self._greenlet.kill(block=False)


def _settled(make_call: MakeCall) -> tuple[Any, FinishedCall] | CallFailed:
    """The call's failure as a value: gevent would print what a greenlet raises."""
    try:
        return make_call()
    except CallFailed as failed:
        return failed
