"""The least that answers a unary gRPC call, to see when calls arrive: sockets and threads alone.

    python -m bench.arrival_stamps --out arrivals.txt

A gRPC server in Python wakes up through several layers and adds half a millisecond of its own to
each stamp. This one blocks in `recv` and reads the clock when it returns. It speaks just enough
HTTP/2 (RFC 9113) for one call at a time to be answered with an empty message.
"""

import argparse
import contextlib
import gc
import signal
import socket
import struct
import threading
import time
from pathlib import Path

PREFACE_BYTES = 24
HEADER_BYTES = 9
DATA, HEADERS, SETTINGS, PING = 0, 1, 4, 6
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def literal(name: bytes, value: bytes) -> bytes:
    """A header field, literal and not indexed (RFC 7541, section 6.2.2)."""
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


STATUS_200 = b"\x88"
REPLY_HEADERS = STATUS_200 + literal(b"content-type", b"application/grpc")
TRAILERS = literal(b"grpc-status", b"0")
EMPTY_MESSAGE = bytes(5)


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """One frame (RFC 9113, section 4.1)."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def reply(stream: int) -> bytes:
    """Headers, an empty message and the trailers of a call that went well."""
    return (
        frame(HEADERS, END_HEADERS, stream, REPLY_HEADERS)
        + frame(DATA, 0, stream, EMPTY_MESSAGE)
        + frame(HEADERS, END_HEADERS | END_STREAM, stream, TRAILERS)
    )


class Connection:
    """Reads frames of one connection and answers them."""

    def __init__(self, peer: socket.socket, stamps_s: list[float]) -> None:
        self._peer = peer
        self._stamps_s = stamps_s
        self._held = b""

    def serve(self) -> None:
        """Until the client goes."""
        with contextlib.suppress(ConnectionError), self._peer:
            self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._peer.sendall(frame(SETTINGS, 0, 0))
            while data := self._peer.recv(65536):
                self._take(data, time.monotonic())

    def _take(self, data: bytes, now_s: float) -> None:
        held = self._held + data
        if held.startswith(b"PRI"):
            held = held[PREFACE_BYTES:]
        answers = b""
        while len(held) >= HEADER_BYTES:
            length = int.from_bytes(held[:3], "big")
            if len(held) < HEADER_BYTES + length:
                break
            kind, flags, stream = struct.unpack(">BBI", held[3:HEADER_BYTES])
            payload = held[HEADER_BYTES : HEADER_BYTES + length]
            answers += self._answer(kind, flags, stream, payload, now_s)
            held = held[HEADER_BYTES + length :]
        self._held = held
        if answers:
            self._peer.sendall(answers)

    def _answer(self, kind: int, flags: int, stream: int, payload: bytes, now_s: float) -> bytes:
        if kind == HEADERS:
            self._stamps_s.append(now_s)
        if kind in (HEADERS, DATA) and flags & END_STREAM:
            return reply(stream)
        if kind == SETTINGS and not flags & ACK:
            return frame(SETTINGS, ACK, 0)
        if kind == PING and not flags & ACK:
            return frame(PING, ACK, 0, payload)
        return b""


def main() -> None:
    """Serve on a free loopback port until told to end; write the stamps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the arrival times go")
    out = parser.parse_args().out
    stamps_s: list[float] = []

    def end(*_: object) -> None:
        out.write_text("".join(f"{stamp:.9f}\n" for stamp in stamps_s), encoding="utf-8")
        raise SystemExit

    signal.signal(signal.SIGTERM, end)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        gc.freeze()
        print(f"arrival stamps listening on 127.0.0.1:{listening.getsockname()[1]}", flush=True)
        while True:
            peer, _ = listening.accept()
            connection = Connection(peer, stamps_s)
            threading.Thread(target=connection.serve, daemon=True).start()


if __name__ == "__main__":
    main()
