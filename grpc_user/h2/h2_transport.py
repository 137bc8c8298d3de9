"""Calls over our own HTTP/2."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from grpc_user.channels import ChannelSettings
from grpc_user.errors import NoFreeStreamError, NotConnectedError
from grpc_user.grpcio_calls import EndedStream
from grpc_user.h2.deadlines import Deadlines
from grpc_user.h2.running_call import RunningCall, ending_of
from grpc_user.h2.unary_call import UnaryCall
from grpc_user.h2.wire import H2Wire
from grpc_user.pooled_transport import PooledTransport
from grpc_user.targets import Target
from grpc_user.transport import CallSpec, Ending, ReplyStream, SentListener


class H2Transport(PooledTransport):
    """Makes calls over HTTP/2 on gevent's sockets, each on a connection with room for it.

    Args:
        targets, settings, connections, now_s: As of every pooled transport.
    """

    open_wire = staticmethod(H2Wire)

    def __init__(
        self,
        targets: Sequence[Target],
        settings: ChannelSettings,
        connections: int | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(targets, settings, connections, now_s)
        self._deadlines = Deadlines(now_s)

    def call(self, spec: CallSpec, request: bytes | Iterator[bytes], sent: SentListener) -> Ending:
        """Make a call with a single reply and wait for its end."""
        try:
            connection = self.keeper.take(spec.timeout_s)
        except NoFreeStreamError as error:
            return self._waited_out(error)
        try:
            sent_s = self._now_s()
            sent(sent_s, connection.number)
            if isinstance(request, bytes):
                return self._call_once(connection.wire, spec, request, sent_s)
            running = RunningCall(spec, _nothing_left, self._now_s, reads_messages=False)
            return self._started(running, connection.wire, request).wait()
        except NotConnectedError as error:
            return Ending(error.code, error.details, self._now_s())
        finally:
            self.keeper.give_back(connection)

    def stream(
        self, spec: CallSpec, request: bytes | Iterator[bytes], sent: SentListener
    ) -> ReplyStream:
        """Begin a call with a stream of replies."""
        try:
            connection = self.keeper.take(spec.timeout_s)
        except NoFreeStreamError as error:
            return EndedStream(self._waited_out(error))
        give_back = partial(self.keeper.give_back, connection)
        try:
            sent(self._now_s(), connection.number)
            running = RunningCall(spec, give_back, self._now_s, reads_messages=True)
            return self._started(running, connection.wire, request)
        except NotConnectedError as error:
            give_back()
            return EndedStream(Ending(error.code, error.details, self._now_s()))
        except BaseException:
            give_back()
            raise

    def _call_once(self, wire: H2Wire, spec: CallSpec, request: bytes, begun_s: float) -> Ending:
        if spec.credentials is not None or spec.compression:
            raise NotConnectedError("UNIMPLEMENTED", what_is_not_offered(spec))
        session, left_s = wire.ready_session(), spec.timeout_s
        if session is None:
            session = wire.session(left_s, wait_for_ready=bool(spec.wait_for_ready))
            waited_s, begun_s = self._now_s() - begun_s, self._now_s()
            left_s = None if left_s is None else max(0.0, left_s - waited_s)
        made = UnaryCall(session, self._now_s)
        lane = None if left_s is None else self._deadlines.lane(left_s)
        block = wire.encoder.block(spec.path, spec.timeout_s, spec.metadata)
        made.run(block, request, lane, begun_s)
        return ending_of(made.exchange, made.received_s, spec)

    def _started(
        self, running: RunningCall, wire: H2Wire, request: bytes | Iterator[bytes]
    ) -> RunningCall:
        refused = what_is_not_offered(running.spec)
        if refused:
            raise NotConnectedError("UNIMPLEMENTED", refused)
        running.start(wire, request)
        return running


def _nothing_left() -> None:
    """After a call whose stream is given back by who made it."""


def what_is_not_offered(spec: CallSpec) -> str:
    """What a call asks for that only grpcio can do, in one line; "" when it is fine."""
    if spec.credentials is not None:
        return "the h2 transport has no call credentials; valid: metadata, or --transport grpcio"
    if spec.compression:
        return "the h2 transport does not compress; valid: --transport grpcio"
    return ""
