"""One channel of grpcio and its ready-made callables."""

from collections.abc import Callable
from typing import Any

import gevent
import grpc

from grpc_user.channels import ChannelSettings, open_channel
from grpc_user.gevent_ready import make_grpc_ready
from grpc_user.targets import Target
from grpc_user.transport import CallSpec

WATCH_ENDS_AFTER_S = 0.3


class GrpcioConnection:
    """A channel; what it takes to call a method is prepared once per method."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.channel = channel
        self._watch: gevent.Greenlet | None = None
        self._callables: dict[tuple[str, bool, bool], Any] = {}

    def callable_for(self, spec: CallSpec) -> Any:
        """Grpc's callable for the method, bytes in and bytes out."""
        key = (spec.path, spec.streams_requests, spec.streams_replies)
        made = self._callables.get(key)
        if made is None:
            made = self._callables[key] = _factory(self.channel, spec)(spec.path)
        return made

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Connect; whether that worked in time."""
        ready = grpc.channel_ready_future(self.channel)
        try:
            ready.result(timeout_s)
        except grpc.FutureTimeoutError:
            return False
        finally:
            ready.cancel()
            self._watch = gevent.spawn(gevent.sleep, WATCH_ENDS_AFTER_S)
        return True

    def close(self) -> None:
        """Close the channel; calls on it end as cancelled."""
        # grpc looks at a watched channel for up to 0.2 s more, and fails noisily on a closed one.
        if self._watch is not None:
            self._watch.join()
        self.channel.close()


def open_grpcio_connection(
    target: Target,
    settings: ChannelSettings,
    _limit_changed: Callable[[int], None],  # grpc does not tell
) -> GrpcioConnection:
    """A channel of its own to a target.

    Raises:
        NotPatchedError: in a process that gevent has not patched.
        InvalidValue: when a TLS file cannot be read.
    """
    make_grpc_ready()
    return GrpcioConnection(open_channel(target, settings))


def _factory(channel: grpc.Channel, spec: CallSpec) -> Any:
    if spec.streams_requests:
        return channel.stream_stream if spec.streams_replies else channel.stream_unary
    return channel.unary_stream if spec.streams_replies else channel.unary_unary
