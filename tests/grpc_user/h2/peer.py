"""The other end of a connection, which says what a test writes down."""

import hpack

from grpc_user.h2 import frames
from grpc_user.h2.connection import Connection
from grpc_user.h2.exchange import Exchange
from grpc_user.h2.frame_reader import FrameReader
from grpc_user.h2.frames import frame
from grpc_user.h2.messages import prefixed

END = frames.END_STREAM
WHOLE = frames.END_HEADERS


def setting(identifier, value):
    return frames.settings([(identifier, value)])


def block(*pairs):
    encoder = hpack.Encoder()
    encoder.header_table_size = 0
    return encoder.encode(pairs)


def answer(stream, *, flags=0, status="200", content="application/grpc", **more):
    pairs = [(":status", status), ("content-type", content)]
    pairs += [(name.replace("_", "-"), value) for name, value in more.items()]
    return frame(frames.HEADERS, WHOLE | flags, stream, block(*pairs))


def trailers(stream, status="0", message=""):
    pairs = [("grpc-status", status), ("grpc-message", message)]
    return frame(frames.HEADERS, WHOLE | END, stream, block(*pairs))


def message(stream, body=b"reply", flags=0):
    return frame(frames.DATA, flags, stream, prefixed(body))


class Peer:
    """The other end of a connection, and what it was told."""

    def __init__(self, settings=b"", limit_changed=lambda _: None):
        self.connection = Connection(limit_changed)
        self._reader = FrameReader()
        self._preface = len(frames.PREFACE)
        self.says(settings or frames.settings(()))
        self.heard()

    def says(self, *made):
        for one in made:
            self.connection.receive(one)

    def heard(self):
        """What came since the last time: kind, flags, stream, payload."""
        data = b"".join(self.connection.out)
        self.connection.out = []
        made = data[self._preface :]
        self._preface = 0
        return [one[:4] for one in self._reader.frames(made)]

    def call(self, body=b"ask", *, tells_messages=False, block=b"headers"):
        self.changes = 0
        exchange = Exchange(self._changed, tells_messages=tells_messages)
        self.connection.begin(exchange, block, body)
        return exchange

    def _changed(self):
        self.changes += 1


def kinds(heard):
    return [kind for kind, *_ in heard]
