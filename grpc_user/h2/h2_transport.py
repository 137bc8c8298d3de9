"""Calls over our own HTTP/2."""

import time
from collections.abc import Callable, Iterator, Sequence

from grpc_user.channels import ChannelSettings
from grpc_user.connection_keeper import ConnectionKeeper
from grpc_user.errors import NoFreeStreamError, NotConnectedError
from grpc_user.grpcio_calls import EndedStream
from grpc_user.h2.running_call import RunningCall
from grpc_user.h2.wire import H2Wire
from grpc_user.pool import Connection
from grpc_user.targets import Target
from grpc_user.transport import CallSpec, Ending, ReplyStream, SentListener


class H2Transport:
    """Makes calls over HTTP/2 on gevent's sockets, each on a connection with room for it.

    Args:
        targets: Where calls go, in turn.
        settings: What all connections have in common.
        connections: Connections to each target; None = grown by need.
        now_s: The monotonic clock.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        settings: ChannelSettings,
        connections: int | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now_s = now_s
        self.keeper = ConnectionKeeper(targets, settings, connections, now_s, H2Wire)

    def open(self) -> tuple[str, ...]:
        """Connect ahead of the first call; a sentence for each target that cannot be reached."""
        return self.keeper.open()

    def close(self) -> None:
        """Close every connection."""
        self.keeper.close()

    def call(self, spec: CallSpec, request: bytes | Iterator[bytes], sent: SentListener) -> Ending:
        """Make a call with a single reply and wait for its end."""
        begun = self._begin(spec, request, sent, reads_messages=False)
        return begun if isinstance(begun, Ending) else begun.wait()

    def stream(
        self, spec: CallSpec, request: bytes | Iterator[bytes], sent: SentListener
    ) -> ReplyStream:
        """Begin a call with a stream of replies."""
        begun = self._begin(spec, request, sent, reads_messages=True)
        return EndedStream(begun) if isinstance(begun, Ending) else begun

    def _begin(
        self,
        spec: CallSpec,
        request: bytes | Iterator[bytes],
        sent: SentListener,
        *,
        reads_messages: bool,
    ) -> RunningCall | Ending:
        try:
            connection = self.keeper.take(spec.timeout_s)
        except NoFreeStreamError as error:
            return Ending("DEADLINE_EXCEEDED", str(error), self._now_s(), waited_out=True)
        try:
            sent(self._now_s(), connection.number)
            return self._start(connection, spec, request, reads_messages=reads_messages)
        except NotConnectedError as error:
            self.keeper.give_back(connection)
            return Ending(error.code, error.details, self._now_s())
        except BaseException:
            self.keeper.give_back(connection)
            raise

    def _start(
        self,
        connection: Connection,
        spec: CallSpec,
        request: bytes | Iterator[bytes],
        *,
        reads_messages: bool,
    ) -> RunningCall:
        refused = what_is_not_offered(spec)
        if refused:
            raise NotConnectedError("UNIMPLEMENTED", refused)
        running = RunningCall(
            spec,
            lambda: self.keeper.give_back(connection),
            self._now_s,
            reads_messages=reads_messages,
        )
        running.start(connection.wire, request)
        return running


def what_is_not_offered(spec: CallSpec) -> str:
    """What a call asks for that only grpcio can do, in one line; "" when it is fine."""
    if spec.credentials is not None:
        return "the h2 transport has no call credentials; valid: metadata, or --transport grpcio"
    if spec.compression:
        return "the h2 transport does not compress; valid: --transport grpcio"
    return ""
