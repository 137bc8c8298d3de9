"""Calls over our own HTTP/2."""

from collections.abc import Iterator

from grpc_user.errors import NoFreeStreamError, NotConnectedError
from grpc_user.grpcio_calls import EndedStream
from grpc_user.h2.running_call import RunningCall
from grpc_user.h2.wire import H2Wire
from grpc_user.pool import Connection
from grpc_user.pooled_transport import PooledTransport
from grpc_user.transport import CallSpec, Ending, ReplyStream, SentListener


class H2Transport(PooledTransport):
    """Makes calls over HTTP/2 on gevent's sockets, each on a connection with room for it."""

    open_wire = staticmethod(H2Wire)

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
            return self._waited_out(error)
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
