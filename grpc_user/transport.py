"""What a way of making gRPC calls has to offer: bytes in, bytes out, and the truth about time."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

GRPCIO, H2 = TRANSPORTS = ("grpcio", "h2")
"""The ways there are, by the names that `--transport` takes."""
Metadata = tuple[tuple[str, str | bytes], ...]
SentListener = Callable[[float, int], None]
"""Told (sent_s on the monotonic clock, number of the connection) when a call has a stream."""


class CallSpec(NamedTuple):
    """One call, but for its messages.

    Attributes:
        path: "/package.Service/Method".
        streams_requests: Whether the caller sends several messages.
        streams_replies: Whether the target sends several messages.
        timeout_s: The deadline, counted from the moment of sending; also how long the call waits
            for a free stream.
        metadata: Sent with the call; names in lower case.
        wait_for_ready: Wait for a connection in place of failing at once.
        credentials: grpc call credentials, where the stub's caller gave any.
        compression: grpc compression, likewise.
    """

    path: str
    streams_requests: bool
    streams_replies: bool
    timeout_s: float | None
    metadata: Metadata = ()
    wait_for_ready: bool | None = None
    credentials: Any = None
    compression: Any = None


class MetadataSource(Protocol):
    """A finished call that can be asked for its metadata, which few callers want."""

    def trailing_metadata(self) -> Any:
        """Pairs of name and value, or None."""
        ...

    def initial_metadata(self) -> Any:
        """Pairs of name and value, or None."""
        ...


class Ending(NamedTuple):
    """The final status of a call, whatever it is.

    Attributes:
        code: gRPC code name, "OK" included.
        details: The status's message.
        received_s: When it was here, on the monotonic clock.
        body: The reply of a call with a single one; None without OK.
        source: Where its metadata can be read; None where there was no call.
        waited_out: Whether the call never left: no stream was free before the deadline.
    """

    code: str
    details: str
    received_s: float
    body: bytes | None = None
    source: MetadataSource | None = None
    waited_out: bool = False

    @property
    def metadata(self) -> Metadata:
        """Trailing metadata."""
        return _pairs(self.source.trailing_metadata()) if self.source else ()

    @property
    def initial_metadata(self) -> Metadata:
        """What came before the first message."""
        return _pairs(self.source.initial_metadata()) if self.source else ()


def _pairs(metadata: Any) -> Metadata:
    return tuple((pair[0], pair[1]) for pair in metadata or ())


class ReplyStream(Protocol):
    """A call under way whose replies come one by one."""

    def next_body(self) -> bytes | None:
        """The next reply; None when there are no more."""
        ...

    def ending(self) -> Ending:
        """The final status; valid after `next_body` gave None."""
        ...

    def cancel(self) -> None:
        """End the call on the wire; harmless afterwards."""
        ...


class Streams(Protocol):
    """Makes calls with a stream of replies, which is all that learning a method takes."""

    def stream(
        self, spec: CallSpec, request: bytes | Iterator[bytes], sent: SentListener
    ) -> ReplyStream:
        """Begin a call with a stream of replies."""
        ...


class Transport(Streams, Protocol):
    """Makes calls. A call that fails is an Ending, never an exception.

    What is thrown into a greenlet that waits in a call (greenlet.kill, gevent.Timeout) passes
    through, and the call is cancelled on the wire.
    """

    def open(self) -> tuple[str, ...]:
        """Connect ahead of the first call; a sentence for each target that cannot be reached."""
        ...

    def call(self, spec: CallSpec, request: bytes | Iterator[bytes], sent: SentListener) -> Ending:
        """Make a call with a single reply and wait for its end."""
        ...

    def close(self) -> None:
        """Close every connection; calls still under way end as cancelled."""
        ...
