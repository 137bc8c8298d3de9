"""How many calls a server allows at once on one connection, read from its first HTTP/2 frame.

grpc keeps calls above SETTINGS_MAX_CONCURRENT_STREAMS waiting inside the client and says nothing,
so the limit has to be known from outside: connect, send the preface, read SETTINGS, leave.
RFC 9113, sections 3.4 (preface), 4.1 (frame header), 6.5 (SETTINGS) and 6.8 (GOAWAY).
"""

import contextlib
import socket
import ssl
import struct
from typing import Protocol

from grpc_user.targets import Target

ASSUMED_STREAM_LIMIT = 100
"""Where the server's word could not be read; also what Envoy-style front ends often allow."""

UNLIMITED = 2**31 - 1
"""A server that declares no limit has none (RFC 9113, section 6.5.2)."""

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
EMPTY_SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
SETTINGS_ACK = b"\x00\x00\x00\x04\x01\x00\x00\x00\x00"
GOAWAY_NO_ERROR = b"\x00\x00\x08\x07\x00\x00\x00\x00\x00" + bytes(8)
SETTINGS_FRAME = 4
MAX_CONCURRENT_STREAMS = 3
FRAME_HEADER_BYTES = 9
SETTING_BYTES = 6
MAX_FIRST_FRAME_BYTES = 16384


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
        stream = open_sockets.enter_context(_connect(target, timeout_s))
        if context is not None:
            stream = open_sockets.enter_context(
                context.wrap_socket(stream, server_hostname=server_name)
            )
        return exchange_settings(stream)


def exchange_settings(stream: ByteStream) -> int | None:
    """Send the preface, read the server's first SETTINGS and take leave; the limit in it."""
    stream.sendall(PREFACE + EMPTY_SETTINGS)
    payload = _read_first_settings(stream)
    with contextlib.suppress(OSError):
        stream.sendall(SETTINGS_ACK + GOAWAY_NO_ERROR)
    return None if payload is None else declared_limit(payload)


def declared_limit(settings: bytes) -> int:
    """SETTINGS_MAX_CONCURRENT_STREAMS of a SETTINGS payload; the last one counts; 0 reads as 1."""
    limit = UNLIMITED
    for offset in range(0, len(settings) - SETTING_BYTES + 1, SETTING_BYTES):
        identifier, value = struct.unpack_from(">HI", settings, offset)
        if identifier == MAX_CONCURRENT_STREAMS:
            limit = max(1, value)
    return limit


def _connect(target: Target, timeout_s: float) -> socket.socket:
    if target.host:
        return socket.create_connection((target.host, target.port), timeout=timeout_s)
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.settimeout(timeout_s)
    try:
        stream.connect(_unix_path(target))
    except OSError:
        stream.close()
        raise
    return stream


def _unix_path(target: Target) -> str:
    path = target.address.removeprefix("unix:")
    return path.removeprefix("//") if path.startswith("///") else path


def _read_first_settings(stream: ByteStream) -> bytes | None:
    header = _read_exactly(stream, FRAME_HEADER_BYTES)
    if header is None or header[3] != SETTINGS_FRAME:
        return None
    length = int.from_bytes(header[:3], "big")
    return _read_exactly(stream, length) if length <= MAX_FIRST_FRAME_BYTES else None


def _read_exactly(stream: ByteStream, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        part = stream.recv(size - len(data))
        if not part:
            return None
        data += part
    return data
