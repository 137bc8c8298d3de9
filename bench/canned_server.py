"""A gRPC server that gives every call the same empty reply, and costs next to nothing itself.

    python -m bench.canned_server

It reads frames and no headers, and answers all that it read at once with one write. For measuring
what callers cost; it is no server for anything else.
"""

import selectors
import socket
import struct

from grpc_user.h2 import frames

READ_BYTES = 1 << 18
# HPACK: entry 8 of the static table (":status: 200"), then literals that use no table.
HEADERS = b"\x88\x00\x0ccontent-type\x10application/grpc"
TRAILERS = b"\x00\x0bgrpc-status\x010"
EMPTY_MESSAGE = bytes(5)
MOST_CALLS = ((3, 1000),)  # SETTINGS_MAX_CONCURRENT_STREAMS
HEAD = struct.Struct(">HBBB")  # length, type, flags; the stream's four bytes follow
ANSWER = (
    frames.frame(frames.HEADERS, frames.END_HEADERS, 0, HEADERS)
    + frames.frame(frames.DATA, 0, 0, EMPTY_MESSAGE)
    + frames.frame(frames.HEADERS, frames.END_HEADERS | frames.END_STREAM, 0, TRAILERS)
)


def around_streams(whole: bytes) -> list[bytes]:
    """Frames cut up at their four bytes of stream, which are left out."""
    parts, at, begun = [], 0, 0
    while at < len(whole):
        parts.append(whole[begun : at + 5])
        begun = at + frames.HEADER_BYTES
        at = begun + int.from_bytes(whole[at : at + 3], "big")
    return [*parts, whole[begun:]]


ANSWER_PARTS = around_streams(ANSWER)


class Peer:
    """One caller's connection."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._rest = b""
        self._preface_left = len(frames.PREFACE)
        more = frames.LARGEST_WINDOW - frames.DEFAULT_WINDOW
        stream.sendall(frames.settings(MOST_CALLS) + frames.window_update(0, more))

    def serve(self) -> bool:
        """Answer what is there; whether there may be more."""
        try:
            data = self._stream.recv(READ_BYTES)
            if not data:
                return False
            skipped = min(self._preface_left, len(data))
            self._preface_left -= skipped
            self._stream.sendall(b"".join(self._answers(self._rest + data[skipped:])))
        except OSError:
            return False
        return True

    def _answers(self, buffer: bytes) -> list[bytes]:
        """What the whole frames are answered with; the rest is kept."""
        made, at, last = [], 0, len(buffer) - frames.HEADER_BYTES
        while at <= last:
            high, low, kind, flags = HEAD.unpack_from(buffer, at)
            start, size = at + frames.HEADER_BYTES, high << 8 | low
            if start + size > len(buffer):
                break
            if kind == frames.DATA and flags & frames.END_STREAM:
                made.append(buffer[at + 5 : start].join(ANSWER_PARTS))
            elif kind in (frames.SETTINGS, frames.PING) and not flags & frames.ACK:
                echo = buffer[start : start + size] if kind == frames.PING else b""
                made.append(frames.frame(kind, frames.ACK, 0, echo))
            at = start + size
        self._rest = buffer[at:]
        return made


def serve(listener: socket.socket) -> None:
    """Serve until killed."""
    waiting = selectors.DefaultSelector()
    waiting.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.data is None:
                stream, _ = listener.accept()
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                waiting.register(stream, selectors.EVENT_READ, Peer(stream))
            elif not key.data.serve():
                waiting.unregister(key.fileobj)
                key.fileobj.close()


def main() -> None:
    """Serve on a free loopback port, which is printed."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"canned server listening on 127.0.0.1:{listener.getsockname()[1]}", flush=True)
    serve(listener)


if __name__ == "__main__":
    main()
