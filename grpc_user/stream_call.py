"""A call whose replies are iterated, timed message by message."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

import gevent
import grpc
from locust.exception import ResponseError

from grpc_user.call_report import FIRST_SUFFIX, MESSAGE_SUFFIX, CallReport, CancelledByTask
from grpc_user.method import Method, undecodable
from grpc_user.transport import Ending, Metadata, ReplyStream


class StreamCall:
    """Iterate it for the replies; what its task leaves of it is cancelled.

    The first message fires an event of its own (`NAME [first]`), the end fires the call's.
    With `catch_response=True` it is used in a `with` block, which fires the call's event.

    Attributes:
        messages: Replies read so far.
        first_s, last_s: When the first and the last of them were here, on the monotonic clock.
    """

    def __init__(
        self,
        wire: ReplyStream,
        report: CallReport,
        method: Method,
        *,
        catch_response: bool,
        report_messages: bool,
        now_s: Callable[[], float],
    ) -> None:
        self._wire = wire
        self._report = report
        self._method = method
        self._catch_response = catch_response
        self._report_messages = report_messages
        self._now_s = now_s
        self._ending: Ending | None = None
        self._last_reply: Any = None
        self._verdict: tuple[str | Exception | None] | None = None
        self._unlink = _when_owner_ends(self)
        self.messages = 0
        self.first_s: float | None = None
        self.last_s: float | None = None

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        """The next reply.

        Raises:
            StopIteration: at a good end.
            CallFailed: at a bad one; its event is fired already.
        """
        if self._ending is not None:
            raise StopIteration
        try:
            body = self._wire.next_body()
        except BaseException as reason:
            self._cut_off(reason)
            raise
        if body is None:
            self._end(self._wire.ending())
            raise StopIteration
        return self._received(body)

    def cancel(self) -> bool:
        """End the call from this side; unless a `with` block judges it, it counts as failed."""
        if self._ending is not None:
            return False
        self._wire.cancel()
        if self._catch_response:
            self._ending = Ending("CANCELLED", "Locally cancelled by the task", self._now_s())
        else:
            self._cut_off(CancelledByTask())
        return True

    def success(self) -> None:
        """Count the call as a success, whatever its status (`catch_response`)."""
        self._verdict = (None,)

    def failure(self, text: str | Exception) -> None:
        """Count the call as a failure with this text, whatever its status (`catch_response`)."""
        self._verdict = (text,)

    def code(self) -> grpc.StatusCode | None:
        """The status code; None while the call is under way."""
        return grpc.StatusCode[self._ending.code] if self._ending else None

    def details(self) -> str:
        """The status's message; "" while the call is under way."""
        return self._ending.details if self._ending else ""

    def trailing_metadata(self) -> Metadata:
        """Empty while the call is under way."""
        return self._ending.metadata if self._ending else ()

    def initial_metadata(self) -> Metadata:
        """Empty while the call is under way."""
        return self._ending.initial_metadata if self._ending else ()

    def is_active(self) -> bool:
        """Whether it is under way."""
        return self._ending is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self.cancel()
        if self._verdict is None and isinstance(error, ResponseError):
            self._verdict = (error,)
        if self._verdict is None:
            self._report.ended(self._ended(), self._last_reply)
        else:
            self._report.judged(self._ended(), self._last_reply, self._verdict[0])
        return isinstance(error, ResponseError)

    def __del__(self) -> None:
        # A stream that nobody reads any more would stay open, and unreported.
        if getattr(self, "_ending", self) is None:
            self._wire.cancel()
            self._cut_off(CancelledByTask())

    def _received(self, body: bytes) -> Any:
        received_s = self._now_s()
        self._report.reply_bytes += len(body)
        self._time_message(received_s, len(body))
        try:
            self._last_reply = self._method.decoded(body)
        except Exception as error:  # noqa: BLE001 - decoders of any kind; what was sent decides
            self._wire.cancel()
            self._end(undecodable(Ending("OK", "", received_s), error))
            raise StopIteration from None
        return self._last_reply

    def _time_message(self, received_s: float, size: int) -> None:
        self.messages += 1
        if self.first_s is None:
            self.first_s = received_s
            self._report.message(FIRST_SUFFIX, self._report.since_s(received_s), received_s, size)
        elif self._report_messages and self.last_s is not None:
            self._report.message(MESSAGE_SUFFIX, self.last_s, received_s, size)
        self.last_s = received_s

    def _end(self, ending: Ending) -> None:
        self._let_go(ending)
        if self._catch_response:
            return
        failed = self._report.ended(ending, self._last_reply)
        if failed is not None:
            raise failed

    def _cut_off(self, reason: BaseException) -> None:
        self._let_go(Ending("CANCELLED", "Locally cancelled", self._now_s()))
        self._report.cut_off(reason)

    def _let_go(self, ending: Ending) -> None:
        self._ending = ending
        self._unlink()

    def _ended(self) -> Ending:
        return self._ending or self._wire.ending()

    def owner_killed(self, reason: BaseException) -> None:
        """The task was cut off between two messages."""
        if self._ending is None:
            self._wire.cancel()
            self._cut_off(reason)


def _when_owner_ends(stream: StreamCall) -> Callable[[], None]:
    """End the stream when the greenlet that began it is killed; returns how to forget it."""
    owner = gevent.getcurrent()
    if not isinstance(owner, gevent.Greenlet):
        return lambda: None
    # Weak, for the greenlet of a closed-loop user outlives the streams that it drops.
    remembered = weakref.ref(stream)

    def ended(owner: gevent.Greenlet) -> None:
        left = remembered()
        if left is not None and isinstance(owner.value, gevent.GreenletExit):
            left.owner_killed(owner.value)

    owner.rawlink(ended)
    return lambda: owner.unlink(ended)
