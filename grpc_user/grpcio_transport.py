"""Calls over grpcio."""

import time
from collections.abc import Callable, Iterator, Sequence

import grpc

from grpc_user.channels import ChannelSettings
from grpc_user.connection_keeper import ConnectionKeeper
from grpc_user.errors import NoFreeStreamError
from grpc_user.grpcio_calls import EndedStream, GrpcioReplyStream, call_arguments, ending_of
from grpc_user.targets import Target
from grpc_user.transport import CallSpec, Ending, ReplyStream, SentListener


class GrpcioTransport:
    """Makes calls over grpcio, each on a connection with room for it.

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
        self.keeper = ConnectionKeeper(targets, settings, connections, self._now_s)

    def open(self) -> tuple[str, ...]:
        """Connect ahead of the first call; a sentence for each target that cannot be reached."""
        return self.keeper.open()

    def close(self) -> None:
        """Close every connection."""
        self.keeper.close()

    def call(self, spec: CallSpec, request: bytes | Iterator[bytes], sent: SentListener) -> Ending:
        """Make a call with a single reply and wait for its end."""
        try:
            connection = self.keeper.take(spec.timeout_s)
        except NoFreeStreamError as error:
            return self._waited_out(error)
        try:
            make_call = connection.wire.callable_for(spec)
            sent(self._now_s(), connection.number)
            try:
                # Greenlets wait in here; grpc cancels the call when one is killed.
                body, call = make_call.with_call(request, **call_arguments(spec))
            except grpc.RpcError as error:
                return ending_of(error, self._now_s())
            return Ending("OK", "", self._now_s(), body, call)
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
        try:
            make_call = connection.wire.callable_for(spec)
            sent(self._now_s(), connection.number)
            call = make_call(request, **call_arguments(spec))
        except BaseException:
            self.keeper.give_back(connection)
            raise
        return GrpcioReplyStream(
            call, ended=lambda: self.keeper.give_back(connection), now_s=self._now_s
        )

    def _waited_out(self, error: NoFreeStreamError) -> Ending:
        return Ending("DEADLINE_EXCEEDED", str(error), self._now_s(), waited_out=True)
