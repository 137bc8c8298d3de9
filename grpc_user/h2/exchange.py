"""One call as its connection sees it: what came of it so far, and its status at the end."""

from collections.abc import Callable, Sequence

from grpc_user.h2.flow import SendSide
from grpc_user.h2.frames import DEFAULT_WINDOW
from grpc_user.h2.headers import Headers
from grpc_user.h2.incoming import Incoming
from grpc_user.h2.messages import CompressedError, MessageError
from grpc_user.h2.status import Status, status_of_http, status_of_trailers
from grpc_user.transport import Metadata

ENDED_WITHOUT_STATUS = ("UNKNOWN", "Data frame with END_STREAM flag received")

AWAITS_HEADERS, AWAITS_MESSAGE, AWAITS_TRAILERS, TAKES_CARE = range(4)
"""Where a plain call is (see `plain_calls`); a call that is not plain takes care to its end."""


def no_more_changes() -> None:
    """Stands for `changed` after the end, so that a call holds its follower no longer."""


class Exchange:
    """One call.

    Args:
        changed: Called when it ends, when all that waited to be sent has left, and at each reply
            where `tells_messages` says so.
        tells_messages: Whether somebody reads replies as they come.

    Attributes:
        stream_id: 0 before it is sent.
        step: How far a plain call is.
        window: Bytes that the peer took yet when the call had begun; see `outgoing`.
        messages: Replies not read yet.
        status: None while under way.
    """

    __slots__ = (
        "_incoming",
        "_outgoing",
        "changed",
        "initial",
        "messages",
        "status",
        "step",
        "stream_id",
        "tells_messages",
        "trailers",
        "window",
    )

    def __init__(self, changed: Callable[[], None], *, tells_messages: bool = False) -> None:
        self.changed = changed
        self.tells_messages = tells_messages
        self.stream_id = 0
        self.step = TAKES_CARE
        self.window = DEFAULT_WINDOW
        self.messages: Sequence[bytes] = ()
        self.initial: Headers | None = None
        self.trailers: Headers | None = None
        self.status: Status | None = None
        self._incoming: Incoming | None = None
        self._outgoing: SendSide | None = None

    @property
    def incoming(self) -> Incoming:
        """Its replies; made when a look at each frame alone does not do any more."""
        if self._incoming is None:
            self._incoming = Incoming(self.messages)
            self.messages = self._incoming.messages
        return self._incoming

    @property
    def outgoing(self) -> SendSide:
        """Its messages on their way; all of them have left where nobody asked before."""
        if self._outgoing is None:
            self._outgoing = SendSide(self.window, ended=True)
        return self._outgoing

    @property
    def unread_bytes(self) -> int:
        """Size of the replies not read yet."""
        return self.incoming.unread_bytes

    def initial_metadata(self) -> Metadata:
        """What came before the first message; empty for trailers alone."""
        return self.initial.metadata if self.initial else ()

    def trailing_metadata(self) -> Metadata:
        """What came with the status."""
        return self.trailers.metadata if self.trailers else ()

    def finish(self, code: str, details: str) -> None:
        """Its end; the first one counts."""
        if self.status is None:
            self.status = (code, details)
            changed, self.changed = self.changed, no_more_changes
            changed()

    def ended(self, trailers: Headers, status: Status) -> None:
        """The trailers of a plain call, whose status is known."""
        self.trailers = trailers
        self.status = status
        changed, self.changed = self.changed, no_more_changes
        changed()

    def sends_more(self) -> None:
        """Its messages do not leave with its headers, all in one go."""
        self.step = TAKES_CARE
        self._outgoing = SendSide(self.window)

    def received_headers(self, headers: Headers, *, ends: bool) -> None:
        """A block of headers: the first, or the trailers."""
        if ends:
            self._received_trailers(headers)
        elif self.initial is not None:
            self.finish("INTERNAL", "headers in the middle of a call")
        elif headers.http_status is None:
            self.finish("INTERNAL", "headers without an HTTP status")
        elif headers.http_status.startswith("1"):
            return  # informational: the answer is still to come
        else:
            self._received_answer(headers, headers.http_status)

    def received_data(self, data: bytes, *, ends: bool) -> None:
        """Part of the answer's body."""
        self.step = TAKES_CARE
        if self.initial is None:
            self.finish("INTERNAL", "data before headers")
        elif self.initial.is_grpc:
            self._received_messages(data)
        if ends:
            self.finish(*ENDED_WITHOUT_STATUS)

    def pop_message(self) -> bytes:
        """The oldest reply that was not read; IndexError without one."""
        return self.incoming.pop()

    def _received_answer(self, headers: Headers, http_status: str) -> None:
        self.initial = headers
        if http_status != "200":
            self.finish(*status_of_http(http_status))
        elif self.step == AWAITS_HEADERS and headers.is_grpc:
            self.step = AWAITS_MESSAGE
        else:
            self.step = TAKES_CARE

    def _received_messages(self, data: bytes) -> None:
        try:
            has_new = self.incoming.feed(data)
        except CompressedError:
            encoding = self.initial.encoding if self.initial else ""
            self.finish(
                "INTERNAL",
                f"the reply is compressed ({encoding}), which the h2 transport did not ask for",
            )
        except MessageError as error:
            self.finish("INTERNAL", f"the reply is no gRPC message: {error}")
        else:
            if has_new and self.tells_messages:
                self.changed()

    def _received_trailers(self, headers: Headers) -> None:
        self.trailers = headers
        code, details = status_of_trailers(headers)
        if code == "OK" and self._incoming is not None and self._incoming.is_within_message:
            code, details = "INTERNAL", "the reply ends within a message"
        self.finish(code, details)


def only_message(exchange: Exchange) -> tuple[str, str, bytes | None]:
    """Code, details and reply of a call that ended well and must have had exactly one."""
    if len(exchange.messages) == 1:
        return "OK", "", exchange.messages[0]
    return "INTERNAL", f"{len(exchange.messages)} replies to a call that has one", None
