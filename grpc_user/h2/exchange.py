"""One call as its connection sees it: what came of it so far, and its status at the end."""

from collections import deque
from collections.abc import Callable

from grpc_user.h2.flow import Inflow, SendSide
from grpc_user.h2.frames import DEFAULT_WINDOW
from grpc_user.h2.headers import Headers
from grpc_user.h2.messages import CompressedError, MessageError, MessageReader
from grpc_user.h2.status import Status, status_of_http, status_of_trailers
from grpc_user.transport import Metadata

STREAM_WINDOW = 1 << 20
"""Bytes that a peer may send ahead on one stream, read or not."""

ENDED_WITHOUT_STATUS = ("UNKNOWN", "Data frame with END_STREAM flag received")
GRPC_CONTENT = "application/grpc"


class Exchange:
    """One call.

    Args:
        changed: Called when it ends, when all that waited to be sent has left, and at each reply
            where `tells_messages` says so.
        tells_messages: Whether somebody reads replies as they come.

    Attributes:
        stream_id: 0 before it is sent.
        messages: Replies not read yet.
        unread_bytes: Their size.
        status: None while under way.
    """

    __slots__ = (
        "_reader",
        "_unreleased",
        "changed",
        "inflow",
        "initial",
        "messages",
        "outgoing",
        "status",
        "stream_id",
        "tells_messages",
        "trailers",
        "unread_bytes",
    )

    def __init__(self, changed: Callable[[], None], *, tells_messages: bool = False) -> None:
        self.changed = changed
        self.tells_messages = tells_messages
        self.stream_id = 0
        self.outgoing = SendSide(DEFAULT_WINDOW)
        self.inflow = Inflow(STREAM_WINDOW)
        self.messages: deque[bytes] = deque()
        self.unread_bytes = 0
        self.initial: Headers | None = None
        self.trailers: Headers | None = None
        self.status: Status | None = None
        self._reader = MessageReader()
        self._unreleased = 0

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
            self.changed()

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
        elif headers.http_status != "200":
            self.initial = headers
            self.finish(*status_of_http(headers.http_status))
        else:
            self.initial = headers

    def received_data(self, data: bytes, *, ends: bool) -> None:
        """Part of the answer's body."""
        if self.initial is None:
            self.finish("INTERNAL", "data before headers")
        elif (self.initial.content_type or "").startswith(GRPC_CONTENT):
            self._received_messages(data)
        if ends:
            self.finish(*ENDED_WITHOUT_STATUS)

    def release(self, size: int) -> int:
        """So many bytes came; what the peer may send more because of that, 0 while little.

        A reader that is slower than its peer holds it back: what lies unread counts against it.
        """
        self._unreleased += size
        if self.unread_bytes * 2 > STREAM_WINDOW:
            return 0
        released, self._unreleased = self._unreleased, 0
        return self.inflow.give_back(released)

    def pop_message(self) -> bytes:
        """The oldest reply that was not read; IndexError without one."""
        body = self.messages.popleft()
        self.unread_bytes -= len(body)
        return body

    def _received_messages(self, data: bytes) -> None:
        try:
            made = self._reader.feed(data)
        except CompressedError:
            encoding = self.initial.encoding if self.initial else ""
            self.finish(
                "INTERNAL",
                f"the reply is compressed ({encoding}), which the h2 transport did not ask for",
            )
        except MessageError as error:
            self.finish("INTERNAL", f"the reply is no gRPC message: {error}")
        else:
            self._add_messages(made)

    def _add_messages(self, made: list[bytes]) -> None:
        for body in made:
            self.messages.append(body)
            self.unread_bytes += len(body)
        if made and self.tells_messages:
            self.changed()

    def _received_trailers(self, headers: Headers) -> None:
        self.trailers = headers
        code, details = status_of_trailers(headers)
        if code == "OK" and self._reader.is_within_message:
            code, details = "INTERNAL", "the reply ends within a message"
        self.finish(code, details)
