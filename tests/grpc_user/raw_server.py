"""An HTTP/2 server that answers with whatever frames a test writes down, in greenlets."""

import struct
from collections.abc import Callable

import gevent
from gevent import socket

HEADERS, RST_STREAM, SETTINGS, GOAWAY, DATA = 1, 3, 4, 7, 0
END_STREAM, END_HEADERS, ACK = 1, 4, 1
STATUS_INDEX = 8

Respond = Callable[[socket.socket, int], None]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def field(name: str, value: str) -> bytes:
    """A header field that uses no table: name and value as they are."""
    return b"".join(
        (b"\x00", bytes([len(name)]), name.encode(), bytes([len(value)]), value.encode())
    )


def status(code: int) -> bytes:
    text = str(code).encode()
    return bytes([0x40 | STATUS_INDEX, len(text)]) + text


def http_answer(code: int, text: bytes = b"bad gateway") -> Respond:
    """What an ingress that has no backend says: plain HTTP."""
    headers = frame(HEADERS, END_HEADERS, 1, status(code) + field("content-type", "text/plain"))

    def respond(connection: socket.socket, stream: int) -> None:
        connection.sendall(_at(headers, stream) + frame(DATA, END_STREAM, stream, text))

    return respond


def grpc_status(code: int, message: str) -> Respond:
    """A gRPC status without a message, as Envoy makes them up."""
    block = (
        status(200)
        + field("content-type", "application/grpc")
        + field("grpc-status", str(code))
        + field("grpc-message", message)
    )

    def respond(connection: socket.socket, stream: int) -> None:
        connection.sendall(frame(HEADERS, END_HEADERS | END_STREAM, stream, block))

    return respond


def reset_stream(error: int) -> Respond:
    def respond(connection: socket.socket, stream: int) -> None:
        connection.sendall(frame(RST_STREAM, 0, stream, struct.pack(">I", error)))

    return respond


def cut_connection(connection: socket.socket, stream: int) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def reset_connection(connection: socket.socket, stream: int) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def go_away(connection: socket.socket, stream: int) -> None:
    connection.sendall(frame(GOAWAY, 0, 0, struct.pack(">II", 0, 0) + b"leaving"))


def never_answer(connection: socket.socket, stream: int) -> None:
    pass


class RawServer:
    """Listens on a free loopback port until closed; each request is answered by `respond`.

    Attributes:
        connections: How many were made to it.
        heard: Kind, flags, stream and length of each frame that came.
        blocks: The payload of each HEADERS frame, for each connection that sent any.
    """

    def __init__(self, respond: Respond = never_answer, settings: bytes = b"") -> None:
        self._respond = respond
        self._settings = settings
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = []
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        self.heard: list[tuple[int, int, int, int]] = []
        self.blocks: dict[int, list[bytes]] = {}
        self._accepting = gevent.spawn(self._accept)

    def close(self) -> None:
        gevent.killall([self._accepting, *self._open])
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            self.connections += 1
            self._open.append(gevent.spawn(self._serve, connection))

    def _serve(self, connection: socket.socket) -> None:
        number = self.connections
        with connection:
            connection.sendall(frame(SETTINGS, 0, 0, self._settings))
            data = connection.recv(24)
            while data:
                try:
                    data = connection.recv(9)
                    kind, flags = data[3], data[4]
                    stream = int.from_bytes(data[5:9], "big")
                    size = int.from_bytes(data[:3], "big")
                    payload = self._read(connection, size)
                    self.heard.append((kind, flags, stream, size))
                    if kind == SETTINGS and not flags & ACK:
                        connection.sendall(frame(SETTINGS, ACK, 0))
                    if kind == HEADERS:
                        self.blocks.setdefault(number, []).append(payload)
                        self._respond(connection, stream)
                except (OSError, IndexError):
                    return

    def _read(self, connection: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = connection.recv(size - len(data))
            if not part:
                break
            data += part
        return data


def _at(made: bytes, stream: int) -> bytes:
    return made[:5] + struct.pack(">I", stream) + made[9:]
