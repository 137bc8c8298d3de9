"""From a call's status to its row."""

from __future__ import annotations

from typing import NamedTuple

from grpc_user.engine.call import EngineCall
from grpc_user.engine.requests import Requests
from grpc_user.engine.rows import NO_FIGURES, STATUS, Figures, Rows
from grpc_user.failures import CANCELLED, STREAM_LIMIT, Failure, classify, one_line
from grpc_user.h2.running_call import only_message
from records.slots import NO_TIME

OK, FAILED, UNFINISHED = STATUS["ok"], STATUS["failed"], STATUS["unfinished"]
CUT_OFF = ("CANCELLED", "Locally cancelled (GreenletExit)")
"""As the hub's engine has it."""
WAITED_OUT = "DEADLINE_EXCEEDED"
MOST_CLASSIFIED = 1024
NO_FAILURE = Failure("")


class Answer(NamedTuple):
    """What a call ended with."""

    code: str
    details: str
    reply_bytes: int = 0
    figures: Figures = NO_FIGURES


class Outcomes:
    """Writes the rows of calls that are over.

    Args:
        rows: Where they go.
        requests: Reads replies.
    """

    def __init__(self, rows: Rows, requests: Requests) -> None:
        self._rows = rows
        self._figures = requests.figures
        self._classified: dict[tuple[str, str], Failure] = {}

    def ended(self, call: EngineCall, epoch_s: float, received_s: float) -> None:
        """A call has its status, at this monotonic time."""
        code, details = call.exchange.status or CUT_OFF
        answer = Answer(code, details)
        if code == "OK":
            code, details, body = only_message(call.exchange)
            answer = Answer(code, details) if body is None else self._read(body)
        self._write(call, epoch_s, received_s, answer)

    def waited_out(self, call: EngineCall, epoch_s: float, now_s: float, details: str) -> None:
        """No stream was free before its deadline: the wait is all lag."""
        since_epoch_s = now_s - epoch_s
        self._rows.sent(call.k, call.intended_s, since_epoch_s)
        self._rows.ended(
            call.k,
            call.intended_s,
            since_epoch_s,
            since_epoch_s,
            call.spin_s,
            status=FAILED,
            reason=STREAM_LIMIT,
            code=WAITED_OUT,
            detail=one_line(details),
            request_bytes=len(call.body),
            reply_bytes=0,
        )

    def cut_off(self, call: EngineCall, epoch_s: float) -> None:
        """It was still under way when waiting had to end."""
        code, details = CUT_OFF
        self._rows.ended(
            call.k,
            call.intended_s,
            call.sent_s - epoch_s,
            NO_TIME,
            call.spin_s,
            status=UNFINISHED,
            reason=CANCELLED,
            code=code,
            detail=details,
            channel=_channel(call),
            request_bytes=len(call.body),
            reply_bytes=0,
        )

    def _write(self, call: EngineCall, epoch_s: float, received_s: float, answer: Answer) -> None:
        is_ok = answer.code == "OK"
        failure = NO_FAILURE if is_ok else self._failure(answer.code, answer.details)
        self._rows.ended(
            call.k,
            call.intended_s,
            call.sent_s - epoch_s,
            received_s - epoch_s,
            call.spin_s,
            status=OK if is_ok else FAILED,
            reason=failure.failure_class or None,
            code=answer.code,
            detail=None if is_ok else one_line(answer.details),
            http_status=failure.http_status,
            channel=_channel(call),
            request_bytes=len(call.body),
            reply_bytes=answer.reply_bytes,
            figures=answer.figures,
        )

    def _read(self, body: bytes) -> Answer:
        try:
            return Answer("OK", "", len(body), self._figures(body))
        except Exception as error:  # noqa: BLE001 - decoders of any kind; what was sent decides
            return Answer("INTERNAL", f"the reply does not decode: {error}", len(body))

    def _failure(self, code: str, details: str) -> Failure:
        known = self._classified.get((code, details))
        if known is None:
            if len(self._classified) >= MOST_CLASSIFIED:
                self._classified.clear()
            known = self._classified[(code, details)] = classify(code, details)
        return known


def _channel(call: EngineCall) -> int:
    return -1 if call.place is None else call.place.number
