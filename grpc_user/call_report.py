"""One call's times, sizes and end: told to Locust as one request event and to its arrival."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import gevent
from locust.exception import CatchResponseError

from grpc_user.call_failed import CallFailed
from grpc_user.failures import APP, CANCELLED, STREAM_LIMIT, Failure, classify, one_line
from grpc_user.transport import Ending
from openloop.arrival import Arrival, Outcome
from openloop.clock import Clock

REQUEST_TYPE = "grpc"
FIRST_SUFFIX = " [first]"
MESSAGE_SUFFIX = " [msg]"

Figures = Mapping[str, Any]
FireEvent = Callable[..., None]


class CancelledByTask(gevent.GreenletExit):  # type: ignore[misc]  # gevent ships no types
    """Thrown into a call that its own task cancels: a result, unlike one cut off by the engine."""


class CallReport:
    """Follows one call; reports it once.

    Args:
        name: The entry in Locust's tables.
        arrival: The arrival it serves; None closed-loop.
        fire: Fires Locust's request event.
        figures_of: Reads a reply's figures about the worker: fields of `Outcome`.
        clock: Where time comes from.
        context: Given to the request event's listeners.
        ok_codes: Codes that count as success beside OK.
        is_ending: Whether Locust is ending its users: what it then kills closed-loop is no result.
    """

    __slots__ = (
        "_context",
        "_figures_of",
        "_fire",
        "_is_ending",
        "_is_first_of_arrival",
        "_now_s",
        "_ok_codes",
        "_unix_s",
        "arrival",
        "called_s",
        "channel",
        "name",
        "reply_bytes",
        "reported",
        "request_bytes",
        "sent_s",
    )

    def __init__(
        self,
        name: str,
        arrival: Arrival | None,
        *,
        fire: FireEvent,
        figures_of: Callable[[Any], Figures],
        clock: Clock,
        context: Mapping[str, Any],
        ok_codes: Collection[str] = (),
        is_ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self.name = name
        self.arrival = arrival
        self.called_s = clock.monotonic_s()
        self.sent_s: float | None = None
        self.channel: int | None = None
        self.request_bytes = 0
        self.reply_bytes = 0
        self.reported = False
        self._fire = fire
        self._figures_of = figures_of
        self._now_s = clock.monotonic_s
        self._unix_s = clock.unix_s
        self._context = context
        self._ok_codes = ok_codes
        self._is_ending = is_ending
        self._is_first_of_arrival = arrival is not None and arrival.sent_s is None
        if arrival is not None:
            arrival.method = name

    def sent(self, sent_s: float, channel: int) -> None:
        """The call has a stream on a connection: now it leaves."""
        self.sent_s = sent_s
        self.channel = channel
        if self.arrival is not None:
            self.arrival.mark_sent(self.arrival.since_epoch(sent_s))

    def message(self, suffix: str, since_s: float, received_s: float, size: int) -> None:
        """An event of its own for one message of a stream."""
        self._fire(
            request_type=REQUEST_TYPE,
            name=self.name + suffix,
            response_time=(received_s - since_s) * 1000,
            response_length=size,
            response=None,
            context=self._event_context({}),
            exception=None,
            start_time=self._unix_s() - (self._now_s() - since_s),
        )

    def failure_of(self, ending: Ending) -> CallFailed | None:
        """The failure an ending is, if it is one."""
        if ending.code == "OK" or ending.code in self._ok_codes:
            return None
        failure = (
            Failure(STREAM_LIMIT) if ending.waited_out else classify(ending.code, ending.details)
        )
        return CallFailed(ending, failure)

    def ended(self, ending: Ending, reply: object = None) -> CallFailed | None:
        """The call is over by itself; its failure, if it is one."""
        failed = self.failure_of(ending)
        self._report(ending, failed, reply)
        return failed

    def judged(self, ending: Ending, reply: object, failure: str | Exception | None) -> None:
        """The call is over and the task says what it is: a failure with this text, or a success."""
        exception = CatchResponseError(failure) if isinstance(failure, str) else failure
        self._report(ending, exception, reply)

    def cut_off(self, reason: BaseException) -> None:
        """The call was ended from this side while under way."""
        if self.arrival is None and isinstance(reason, gevent.GreenletExit) and self._is_ending():
            self.reported = True
            return
        ending = Ending("CANCELLED", f"Locally cancelled ({type(reason).__name__})", self._now_s())
        by_task = isinstance(reason, CancelledByTask) or not isinstance(reason, gevent.GreenletExit)
        failed = CallFailed(ending, Failure(CANCELLED))
        self._report(ending, failed, None, status="failed" if by_task else "unfinished")

    def since_s(self, received_s: float) -> float:
        """What latency counts from, on the monotonic clock.

        The intended time for an arrival's first call; the moment of calling for further ones;
        the moment of sending closed-loop.
        """
        if self.arrival is None:
            return received_s if self.sent_s is None else self.sent_s
        if self._is_first_of_arrival:
            return self.arrival.epoch_s + self.arrival.intended_s
        return self.called_s

    def _report(
        self, ending: Ending, exception: Exception | None, reply: object, status: str = ""
    ) -> None:
        if self.reported:
            return
        self.reported = True
        figures = {} if reply is None else self._figures_of(reply)
        self._tell_arrival(ending, exception, figures, status)
        since_s = self.since_s(ending.received_s)
        self._fire(
            request_type=REQUEST_TYPE,
            name=self.name,
            response_time=(ending.received_s - since_s) * 1000,
            response_length=self.reply_bytes,
            response=reply,
            context=self._event_context(figures),
            exception=exception,
            start_time=self._unix_s() - (self._now_s() - since_s),
        )

    def _tell_arrival(
        self, ending: Ending, exception: Exception | None, figures: Figures, status: str
    ) -> None:
        arrival = self.arrival
        if arrival is None:
            return
        received_s = arrival.since_epoch(ending.received_s)
        if ending.waited_out:
            # Given up at its deadline: the wait for a stream is all lag.
            arrival.mark_sent(received_s)
        if status == "unfinished" and self.sent_s is None:
            return  # never left: for the engine to record as unsent
        failure = _failure(exception)
        arrival.finish(
            Outcome(
                status=status or ("ok" if exception is None else "failed"),
                received_s=None if status == "unfinished" else received_s,
                code=ending.code,
                failure_class=failure.failure_class if failure else None,
                detail=_detail(ending, exception),
                http_status=failure.http_status if failure else None,
                channel=self.channel,
                request_bytes=self.request_bytes,
                reply_bytes=self.reply_bytes,
                **figures,
            )
        )

    def _event_context(self, figures: Figures) -> dict[str, Any]:
        arrival = self.arrival
        if arrival is None:
            return {**self._context, "instance": figures.get("instance_id")}
        return {
            **self._context,
            "k": arrival.k,
            "intended": arrival.intended_s,
            "sent": None if self.sent_s is None else arrival.since_epoch(self.sent_s),
            "instance": figures.get("instance_id"),
        }


def _failure(exception: Exception | None) -> Failure | None:
    if exception is None:
        return None
    return exception.failure if isinstance(exception, CallFailed) else Failure(APP)


def _detail(ending: Ending, exception: Exception | None) -> str | None:
    if exception is None:
        return None
    return one_line(ending.details if isinstance(exception, CallFailed) else str(exception))
