"""Answers to a call, put together from frames as a server should make them, or should not."""

from collections.abc import Callable, Iterable
from struct import pack

import gevent
from gevent import socket

from tests.grpc_user.raw_server import (
    DATA,
    END_HEADERS,
    END_STREAM,
    GOAWAY,
    HEADERS,
    SETTINGS,
    Respond,
    cut_connection,
    field,
    frame,
    status,
)

PRIORITY, PUSH_PROMISE, PING, WINDOW_UPDATE, CONTINUATION = 2, 5, 6, 8, 9
PADDED, WITH_PRIORITY = 8, 32
MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE = 3, 4, 5
LARGEST = 2**31 - 1

BEGIN = status(200) + field("content-type", "application/grpc")
FINE = field("grpc-status", "0")
MESSAGE = bytes(5)  # an empty one
DRIP_S = 0.0005

Made = Callable[[int], bytes]
"""Bytes that go with the number of the stream."""


def headers(block: bytes = BEGIN, flags: int = END_HEADERS) -> Made:
    return of(HEADERS, block, flags)


def data(payload: bytes = MESSAGE, flags: int = 0) -> Made:
    return of(DATA, payload, flags)


def trailers(block: bytes = FINE) -> Made:
    return of(HEADERS, block, END_HEADERS | END_STREAM)


def of(kind: int, payload: bytes = b"", flags: int = 0) -> Made:
    """Any frame on the call's stream."""
    return lambda stream: frame(kind, flags, stream, payload)


def alone(kind: int, payload: bytes = b"", flags: int = 0) -> Made:
    """Any frame on stream 0."""
    return lambda _stream: frame(kind, flags, 0, payload)


def settings(identifier: int, value: int) -> Made:
    return alone(SETTINGS, pack(">HI", identifier, value))


def goaway(last: int, error: int = 0, text: bytes = b"leaving") -> Made:
    return alone(GOAWAY, pack(">II", last, error) + text)


def raw_bytes(made: bytes) -> Made:
    return lambda _stream: made


ANSWER = (headers(), data(), trailers())


def sends(*parts: Made | float) -> Respond:
    """A server that sends these; what is between two waits (numbers: seconds) in one piece."""

    def respond(connection: socket.socket, stream: int) -> None:
        for piece in pieces(parts, stream):
            connection.sendall(piece)

    return respond


def pieces(parts: Iterable[Made | float], stream: int) -> Iterable[bytes]:
    made = b""
    for part in parts:
        if isinstance(part, float):
            yield made
            gevent.sleep(part)
            made = b""
        else:
            made += part(stream)
    yield made


def drips(*parts: Made) -> Respond:
    """A server that sends these byte by byte."""

    def respond(connection: socket.socket, stream: int) -> None:
        for part in parts:
            for byte in part(stream):
                connection.sendall(bytes([byte]))
                gevent.sleep(DRIP_S)

    return respond


def sends_and_cuts(*parts: Made) -> Respond:
    """A server that closes the connection right after these."""

    def respond(connection: socket.socket, stream: int) -> None:
        connection.sendall(b"".join(part(stream) for part in parts))
        cut_connection(connection, stream)

    return respond
