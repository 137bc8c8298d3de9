"""What may be there in place of a server that speaks HTTP/2, and what a call then ends with."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import gevent
from gevent import socket

LONG_S = 10.0


@dataclass(frozen=True)
class NoConnection:
    """What listens where a gRPC server should.

    Attributes:
        does: In words.
        serve: What it does with a connection.
        tls: The protocols that it offers by ALPN, itself over TLS; None in plain text.
        client_tls: Whether the call wants TLS.
        grpcio: Code and failure class that a call ends with over grpcio.
        h2: The same over h2.
    """

    does: str
    serve: Callable[[socket.socket], None]
    tls: tuple[str, ...] | None = None
    client_tls: bool = False
    grpcio: str = "UNAVAILABLE, refused"
    h2: str = "UNAVAILABLE, refused"


def speaks_http_1(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def hangs_up(_connection: socket.socket) -> None:
    """Closed at once."""


def says_nothing(_connection: socket.socket) -> None:
    gevent.sleep(LONG_S)


NO_CONNECTIONS = (
    NoConnection("nothing listens", hangs_up),  # closed before the call, see the test
    NoConnection("hangs up at once", hangs_up),
    NoConnection("speaks HTTP/1", speaks_http_1),
    NoConnection(
        "accepts and says nothing",
        says_nothing,
        grpcio="DEADLINE_EXCEEDED, deadline",
        h2="DEADLINE_EXCEEDED, deadline",
    ),
    NoConnection("TLS without ALPN", speaks_http_1, tls=(), client_tls=True),
    NoConnection("TLS for HTTP/1 (ALPN)", speaks_http_1, tls=("http/1.1",), client_tls=True),
    NoConnection("plain text where TLS was asked for", speaks_http_1, client_tls=True),
    NoConnection("TLS where plain text was asked for", speaks_http_1, tls=("h2",)),
)
