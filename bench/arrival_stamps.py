"""The least that answers a unary gRPC call, to see when calls arrive: sockets and threads alone.

    python -m bench.arrival_stamps --out arrivals.txt [--hold 0.1]

A gRPC server in Python wakes up through several layers and adds half a millisecond of its own to
each stamp. This one blocks in `recv` and reads the clock when it returns. It speaks just enough
HTTP/2 (RFC 9113) for unary calls to be answered with an empty message, at once or, with `--hold`,
so many seconds later, as by a service that waits for something else.
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
from queue import SimpleQueue

PREFACE_BYTES = 24
HEADER_BYTES = 9
DATA, HEADERS, SETTINGS, PING, WINDOW_UPDATE = 0, 1, 4, 6, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def literal(name: bytes, value: bytes) -> bytes:
    """A header field, literal and not indexed (RFC 7541, section 6.2.2)."""
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


STATUS_200 = b"\x88"
REPLY_HEADERS = STATUS_200 + literal(b"content-type", b"application/grpc")
TRAILERS = literal(b"grpc-status", b"0")
EMPTY_MESSAGE = bytes(5)
WINDOW_BYTES = 2**30
"""What a client may send in all: the first 64 KiB would be gone after 5000 calls."""


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
    """Reads frames of one connection and answers them.

    Args:
        peer: The accepted socket.
        stamps_s: Where the arrival times are noted.
        hold_s: How long each call is held before it is answered.
    """

    def __init__(self, peer: socket.socket, stamps_s: list[float], hold_s: float) -> None:
        self._peer = peer
        self._stamps_s = stamps_s
        self._hold_s = hold_s
        self._held = b""
        self._answers: SimpleQueue[tuple[float, bytes]] = SimpleQueue()

    def serve(self) -> None:
        """Until the client goes."""
        if self._hold_s:
            threading.Thread(target=self._answer_later, daemon=True).start()
        with contextlib.suppress(ConnectionError), self._peer:
            self._peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._peer.sendall(frame(SETTINGS, 0, 0))
            self._peer.sendall(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", WINDOW_BYTES)))
            while data := self._peer.recv(65536):
                self._take(data, time.monotonic())

    def _answer_later(self) -> None:
        with contextlib.suppress(OSError):  # the client has gone
            while True:
                due_s, answer = self._answers.get()
                time.sleep(max(0.0, due_s - time.monotonic()))
                self._peer.sendall(answer)

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
            return self._reply(stream, now_s)
        if kind == SETTINGS and not flags & ACK:
            return frame(SETTINGS, ACK, 0)
        if kind == PING and not flags & ACK:
            return frame(PING, ACK, 0, payload)
        return b""

    def _reply(self, stream: int, now_s: float) -> bytes:
        if not self._hold_s:
            return reply(stream)
        self._answers.put((now_s + self._hold_s, reply(stream)))
        return b""


def main() -> None:
    """Serve on a free loopback port until told to end; write the stamps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the arrival times go")
    parser.add_argument("--hold", type=float, default=0.0, metavar="SECONDS")
    options = parser.parse_args()
    stamps_s: list[float] = []

    def end(*_: object) -> None:
        options.out.write_text("".join(f"{stamp:.9f}\n" for stamp in stamps_s), encoding="utf-8")
        raise SystemExit

    signal.signal(signal.SIGTERM, end)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        gc.freeze()
        print(f"arrival stamps listening on 127.0.0.1:{listening.getsockname()[1]}", flush=True)
        while True:
            peer, _ = listening.accept()
            connection = Connection(peer, stamps_s, options.hold)
            threading.Thread(target=connection.serve, daemon=True).start()


if __name__ == "__main__":
    main()
