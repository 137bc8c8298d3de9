"""A finished call whose task decides what it counts as, as Locust's `catch_response` does."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import grpc
from locust.exception import ResponseError

from grpc_user.call_report import CallReport
from grpc_user.transport import Ending, Metadata


class FinishedCall:
    """The status of a call that is over, asked for as grpc's own calls are."""

    def __init__(self, ending: Ending) -> None:
        self.ending = ending

    def code(self) -> grpc.StatusCode:
        """As `grpc.Call.code`."""
        return grpc.StatusCode[self.ending.code]

    def details(self) -> str:
        """As `grpc.Call.details`."""
        return self.ending.details

    def trailing_metadata(self) -> Metadata:
        """As `grpc.Call.trailing_metadata`."""
        return self.ending.metadata

    def initial_metadata(self) -> Metadata:
        """As `grpc.Call.initial_metadata`."""
        return self.ending.initial_metadata


class CaughtCall(FinishedCall):
    """To be used in a `with` block; the request event is fired at its end.

    Attributes:
        reply: The reply; None when the call failed.
    """

    def __init__(self, report: CallReport, ending: Ending, reply: Any) -> None:
        super().__init__(ending)
        self.reply = reply
        self._report = report
        self._judged = False
        self._verdict: str | Exception | None = None

    def success(self) -> None:
        """Count the call as a success, whatever its status."""
        self._judged, self._verdict = True, None

    def failure(self, text: str | Exception) -> None:
        """Count the call as a failure with this text, whatever its status."""
        self._judged, self._verdict = True, text

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not self._judged and isinstance(error, ResponseError):
            self.failure(error)
        elif not self._judged:
            self._report.ended(self.ending, self.reply)
            return False
        self._report.judged(self.ending, self.reply, self._verdict)
        return error is None or isinstance(error, ResponseError)
