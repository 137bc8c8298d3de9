"""grpcio's call objects turned into endings."""

from collections.abc import Callable
from typing import Any

import grpc

from grpc_user.transport import CallSpec, Ending

CallEnded = Callable[[], None]


def call_arguments(spec: CallSpec) -> dict[str, Any]:
    """Keyword arguments of grpc's callables; left out where grpc's default will do."""
    arguments: dict[str, Any] = {"timeout": spec.timeout_s}
    if spec.metadata:
        arguments["metadata"] = spec.metadata
    if spec.wait_for_ready is not None:
        arguments["wait_for_ready"] = spec.wait_for_ready
    if spec.credentials is not None:
        arguments["credentials"] = spec.credentials
    if spec.compression is not None:
        arguments["compression"] = spec.compression
    return arguments


def ending_of(call: Any, received_s: float) -> Ending:
    """The status that a finished call carries."""
    return Ending(call.code().name, call.details() or "", received_s, source=call)


class GrpcioReplyStream:
    """A streaming call of grpcio.

    Args:
        call: What grpc's callable returned.
        ended: Called once, when nothing more will come.
        now_s: The monotonic clock.
    """

    def __init__(self, call: Any, ended: CallEnded, now_s: Callable[[], float]) -> None:
        self._call = call
        self._ended: CallEnded | None = ended
        self._now_s = now_s
        self._received_s: float | None = None

    def next_body(self) -> bytes | None:
        """The next reply; None when there are no more, for whatever reason."""
        try:
            body: bytes = next(self._call)
        except (StopIteration, grpc.RpcError):
            self._finish()
            return None
        except BaseException:
            self.cancel()
            raise
        return body

    def ending(self) -> Ending:
        """The final status."""
        self._finish()
        return ending_of(self._call, self._received_s or self._now_s())

    def cancel(self) -> None:
        """End the call on the wire."""
        self._call.cancel()
        self._finish()

    def _finish(self) -> None:
        if self._received_s is None:
            self._received_s = self._now_s()
        if self._ended is not None:
            ended, self._ended = self._ended, None
            ended()


class EndedStream:
    """A streaming call that was over before it began."""

    def __init__(self, ending: Ending) -> None:
        self._ending = ending

    def next_body(self) -> bytes | None:
        """Never a reply."""
        return None

    def ending(self) -> Ending:
        """Why not."""
        return self._ending

    def cancel(self) -> None:
        """Nothing to end."""
