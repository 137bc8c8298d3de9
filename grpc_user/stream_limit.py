"""How many calls a server allows at once on one connection, read from its first HTTP/2 frame.

grpc keeps calls above SETTINGS_MAX_CONCURRENT_STREAMS waiting inside the client and says nothing,
so the limit has to be known from outside: connect, send the preface, read SETTINGS, leave.
RFC 9113, sections 3.4 (preface), 4.1 (frame header), 6.5 (SETTINGS) and 6.8 (GOAWAY).
"""

import contextlib
import ssl
import struct
from typing import Protocol

from grpc_user.h2 import frames
from grpc_user.h2.peer_settings import MAX_CONCURRENT_STREAMS, UNLIMITED
from grpc_user.sockets import open_socket
from grpc_user.targets import Target

ASSUMED_STREAM_LIMIT = 100
"""Where the server's word could not be read; also what Envoy-style front ends often allow."""

SETTING_BYTES = 6


class ByteStream(Protocol):
    """The two calls of a socket that the probe needs."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it."""
        ...

    def recv(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


def probe_stream_limit(
    target: Target, context: ssl.SSLContext | None, *, server_name: str, timeout_s: float
) -> int | None:
    """Ask the server behind a target for its limit.

    Args:
        target: A TCP target or a unix socket.
        context: For TLS, with "h2" as its ALPN; None for plain text.
        server_name: The name to ask the certificate for.
        timeout_s: Bound on each step.

    Returns:
        Streams per connection, `UNLIMITED` where the server declares no limit; None where its
        settings could not be read.

    Raises:
        OSError: when there is no connection.
    """
    with contextlib.ExitStack() as open_sockets:
        stream = open_sockets.enter_context(open_socket(target, timeout_s))
        if context is not None:
            stream = open_sockets.enter_context(
                context.wrap_socket(stream, server_hostname=server_name)
            )
        return exchange_settings(stream)


def exchange_settings(stream: ByteStream) -> int | None:
    """Send the preface, read the server's first SETTINGS and take leave; the limit in it."""
    stream.sendall(frames.PREFACE + frames.settings(()))
    payload = _read_first_settings(stream)
    with contextlib.suppress(OSError):
        acknowledged = frames.frame(frames.SETTINGS, frames.ACK, 0)
        stream.sendall(acknowledged + frames.goaway(frames.NO_ERROR))
    return None if payload is None else declared_limit(payload)


def declared_limit(settings: bytes) -> int:
    """SETTINGS_MAX_CONCURRENT_STREAMS of a SETTINGS payload; the last one counts; 0 reads as 1."""
    limit = UNLIMITED
    for offset in range(0, len(settings) - SETTING_BYTES + 1, SETTING_BYTES):
        identifier, value = struct.unpack_from(">HI", settings, offset)
        if identifier == MAX_CONCURRENT_STREAMS:
            limit = max(1, value)
    return limit


def _read_first_settings(stream: ByteStream) -> bytes | None:
    header = _read_exactly(stream, frames.HEADER_BYTES)
    if header is None or header[3] != frames.SETTINGS:
        return None
    length = int.from_bytes(header[:3], "big")
    return _read_exactly(stream, length) if length <= frames.DEFAULT_FRAME_BYTES else None


def _read_exactly(stream: ByteStream, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        part = stream.recv(size - len(data))
        if not part:
            return None
        data += part
    return data
