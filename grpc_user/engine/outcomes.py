"""From a call's status to its row."""

from __future__ import annotations

from grpc_user.engine.call import EngineCall
from grpc_user.engine.requests import Requests
from grpc_user.engine.rows import Rows
from grpc_user.failures import CANCELLED, STREAM_LIMIT, Failure, classify, one_line
from grpc_user.h2.exchange import only_message
from records.slots import FAILED, NO_TIME, UNFINISHED

CUT_OFF = ("CANCELLED", "Locally cancelled (GreenletExit)")
"""As the hub's engine has it."""
WAITED_OUT = "DEADLINE_EXCEEDED"
MOST_CLASSIFIED = 1024


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
        code, details = call.status or CUT_OFF
        body = None
        if code == "OK":
            code, details, body = only_message(call)
        if body is None:
            self._failed(call, epoch_s, received_s, (code, details))
        else:
            self._answered(call, epoch_s, received_s, body)

    def waited_out(self, call: EngineCall, epoch_s: float, now_s: float, details: str) -> None:
        """No stream was free before its deadline: the wait is all lag."""
        since_epoch_s = now_s - epoch_s
        self._rows.sent(call.k, call.intended_s, since_epoch_s)
        times_s = since_epoch_s, since_epoch_s
        failure = Failure(STREAM_LIMIT)
        self._write(call, times_s, FAILED, failure, (WAITED_OUT, one_line(details)))

    def cut_off(self, call: EngineCall, epoch_s: float) -> None:
        """It was still under way when waiting had to end."""
        times_s = call.sent_s - epoch_s, NO_TIME
        self._write(call, times_s, UNFINISHED, Failure(CANCELLED), CUT_OFF)

    def _answered(self, call: EngineCall, epoch_s: float, received_s: float, body: bytes) -> None:
        size = len(body)
        try:
            figures = self._figures(body)
        except Exception as error:  # noqa: BLE001 - decoders of any kind; what was sent decides
            status = "INTERNAL", f"the reply does not decode: {error}"
            self._failed(call, epoch_s, received_s, status, size)
            return
        times_s = call.sent_s - epoch_s, received_s - epoch_s, call.spin_s
        arrival, sizes = (call.k, call.intended_s), (len(call.body), size)
        self._rows.ok(arrival, times_s, sizes, _channel(call), figures)

    def _failed(
        self,
        call: EngineCall,
        epoch_s: float,
        received_s: float,
        status: tuple[str, str],
        reply_bytes: int = 0,
    ) -> None:
        code, details = status
        times_s = call.sent_s - epoch_s, received_s - epoch_s
        failure, said = self._failure(code, details), (code, one_line(details))
        self._write(call, times_s, FAILED, failure, said, reply_bytes)

    def _write(  # noqa: PLR0917 - a row's parts, in the order of its columns
        self,
        call: EngineCall,
        times_s: tuple[float, float],
        status: int,
        failure: Failure,
        said: tuple[str, str],
        reply_bytes: int = 0,
    ) -> None:
        """The row of a call that did not end well: sent and received since the epoch, and so on."""
        sent_s, received_s = times_s
        code, detail = said
        self._rows.ended(
            call.k,
            call.intended_s,
            sent_s,
            received_s,
            call.spin_s,
            status=status,
            reason=failure.failure_class,
            code=code,
            detail=detail,
            http_status=failure.http_status,
            channel=_channel(call),
            request_bytes=len(call.body),
            reply_bytes=reply_bytes,
        )

    def _failure(self, code: str, details: str) -> Failure:
        known = self._classified.get((code, details))
        if known is None:
            if len(self._classified) >= MOST_CLASSIFIED:
                self._classified.clear()
            known = self._classified[(code, details)] = classify(code, details)
        return known


def _channel(call: EngineCall) -> int:
    return -1 if call.place is None else call.place.number
