"""Calls over grpcio."""

from collections.abc import Iterator

import grpc

from grpc_user.errors import NoFreeStreamError
from grpc_user.grpcio_calls import EndedStream, GrpcioReplyStream, call_arguments, ending_of
from grpc_user.grpcio_connection import open_grpcio_connection
from grpc_user.pooled_transport import PooledTransport
from grpc_user.transport import CallSpec, Ending, ReplyStream, SentListener

NO_REPLY = "0 replies to a call that has one"


class GrpcioTransport(PooledTransport):
    """Makes calls over grpcio, each on a connection with room for it."""

    open_wire = staticmethod(open_grpcio_connection)

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
            if body is None:  # none came, or half of one: grpc calls that well done
                return Ending("INTERNAL", NO_REPLY, self._now_s(), source=call)
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
