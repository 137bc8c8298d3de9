"""The callables that a generated stub gets from our channel in place of grpc's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from grpc_user.call_report import CallReport
from grpc_user.caller import Caller
from grpc_user.caught_call import CaughtCall, FinishedCall
from grpc_user.future_call import FutureCall
from grpc_user.method import Method
from grpc_user.stream_call import StreamCall
from grpc_user.transport import Ending


class SingleReplyMethod:
    """A method that answers once; the request is one message or an iterable of them.

    Calls take what grpc's callables take, and `name`, `context`, `ok_codes` and `catch_response`
    (see `caller.CallOptions`).
    """

    def __init__(self, caller: Caller, method: Method) -> None:
        self._caller = caller
        self._method = method

    def __call__(self, request: Any, timeout: float | None = None, **options: Any) -> Any:
        """Make the call; the reply, or with `catch_response=True` a `CaughtCall`.

        Returns None when the call ended with one of `ok_codes`, for there is no reply then.

        Raises:
            CallFailed: when it failed; its event is fired already.
        """
        catch_response = options.pop("catch_response", False)
        ending, reply, report = self._make(request, timeout, options)
        if catch_response:
            return CaughtCall(report, ending, reply)
        return _reply_or_raise(ending, reply, report)

    def with_call(
        self, request: Any, timeout: float | None = None, **options: Any
    ) -> tuple[Any, FinishedCall]:
        """Make the call; the reply and its status.

        Raises:
            CallFailed: when it failed; its event is fired already.
        """
        ending, reply, report = self._make(request, timeout, options)
        return _reply_or_raise(ending, reply, report), FinishedCall(ending)

    def future(self, request: Any, timeout: float | None = None, **options: Any) -> FutureCall:
        """Begin the call and return at once."""
        return FutureCall(lambda: self.with_call(request, timeout, **options))

    def _make(
        self, request: Any, timeout: float | None, options: dict[str, Any]
    ) -> tuple[Ending, Any, CallReport]:
        transport, spec, report = self._caller.begin(self._method, timeout, options)
        try:
            ending = transport.call(spec, _encoded(self._method, request, report), report.sent)
        except BaseException as reason:
            report.cut_off(reason)
            raise
        report.reply_bytes = len(ending.body or b"")
        return *self._method.decoded_ending(ending), report


class ReplyStreamMethod:
    """A method that answers with a stream; the request is one message or an iterable of them."""

    def __init__(self, caller: Caller, method: Method) -> None:
        self._caller = caller
        self._method = method

    def __call__(self, request: Any, timeout: float | None = None, **options: Any) -> StreamCall:
        """Begin the call; what it returns is iterated for the replies."""
        catch_response = options.pop("catch_response", False)
        transport, spec, report = self._caller.begin(self._method, timeout, options)
        try:
            wire = transport.stream(spec, _encoded(self._method, request, report), report.sent)
        except BaseException as reason:
            report.cut_off(reason)
            raise
        return StreamCall(
            wire,
            report,
            self._method,
            catch_response=catch_response,
            report_messages=self._caller.report_messages,
            now_s=self._caller.now_s,
        )


def callable_for(caller: Caller, method: Method) -> SingleReplyMethod | ReplyStreamMethod:
    """What calls the method."""
    kind = ReplyStreamMethod if method.streams_replies else SingleReplyMethod
    return kind(caller, method)


def _reply_or_raise(ending: Ending, reply: Any, report: CallReport) -> Any:
    failed = report.ended(ending, reply)
    if failed is not None:
        raise failed
    return reply


def _encoded(method: Method, request: Any, report: CallReport) -> bytes | Iterator[bytes]:
    if method.streams_requests:
        return _each_encoded(method, request, report)
    data = method.encoded(request)
    report.request_bytes = len(data)
    return data


def _each_encoded(method: Method, requests: Iterable[Any], report: CallReport) -> Iterator[bytes]:
    for request in requests:
        data = method.encoded(request)
        report.request_bytes += len(data)
        yield data
