"""The short way for what nearly all calls are, in bytes of both directions.

Out: headers in one frame, the only message in another. In: headers that were seen before, one
message in one frame, trailers that were seen before. What is otherwise is left untouched for the
long way (`frame_reader`, `connection`, `exchange`), which makes the same of these frames too.
"""

import struct

from grpc_user.h2.exchange import AWAITS_HEADERS, AWAITS_MESSAGE, AWAITS_TRAILERS, Exchange
from grpc_user.h2.frames import (
    DATA,
    DEFAULT_FRAME_BYTES,
    END_HEADERS,
    END_STREAM,
    HEADER_BYTES,
    HEADERS,
)
from grpc_user.h2.headers import Headers, keep_block
from grpc_user.h2.messages import PREFIX_BYTES
from grpc_user.h2.status import Status, status_of_trailers

# RFC 9113, section 4.1: length (24 bits), type, flags, stream; then gRPC's prefix of a message.
_HEADERS_HEAD = struct.Struct(">BHHI")
_MESSAGE_HEAD = struct.Struct(">BHHIBI")
_HEAD = struct.Struct(">HBBBI")
_PREFIX = struct.Struct(">BI")

_WHOLE_HEADERS = HEADERS << 8 | END_HEADERS
_LAST_DATA = DATA << 8 | END_STREAM
LEAST, MOST = PREFIX_BYTES, DEFAULT_FRAME_BYTES
_TRAILERS = END_HEADERS | END_STREAM


def call_bytes(stream_id: int, block: bytes, body: bytes) -> bytes:
    """A whole call; the caller has seen to it that the peer takes frames of that size."""
    headers, message = len(block), len(body)
    data = message + PREFIX_BYTES
    return b"".join(
        (
            _HEADERS_HEAD.pack(headers >> 16, headers & 0xFFFF, _WHOLE_HEADERS, stream_id),
            block,
            _MESSAGE_HEAD.pack(data >> 16, data & 0xFFFF, _LAST_DATA, stream_id, 0, message),
            body,
        )
    )


class PlainReplies:
    """Takes in frames of plain replies as long as nothing else is between them.

    Attributes:
        data_bytes: Came in DATA and is not yet counted against the connection's window.
    """

    __slots__ = ("_answers", "_trailers", "data_bytes")

    def __init__(self) -> None:
        self._answers: dict[bytes, Headers] = {}
        self._trailers: dict[bytes, tuple[Headers, Status]] = {}
        self.data_bytes = 0

    def know_answer(self, block: bytes, headers: Headers) -> None:
        """A block that begins a good answer."""
        keep_block(self._answers, block, headers)

    def know_trailers(self, block: bytes, headers: Headers) -> None:
        """A block that ends an answer."""
        keep_block(self._trailers, block, (headers, status_of_trailers(headers)))

    def take(self, buffer: bytes, at: int, exchanges: dict[int, Exchange]) -> int:
        """Take in the plain frames from a place on; the place of the first that is not plain."""
        end, read_head, read_prefix = len(buffer), _HEAD.unpack_from, _PREFIX.unpack_from
        while at + HEADER_BYTES <= end:
            high, low, kind, flags, stream_id = read_head(buffer, at)
            start, size = at + HEADER_BYTES, high << 8 | low
            at_next = start + size
            exchange = exchanges.get(stream_id)
            if exchange is None or at_next > end:
                break
            if kind == DATA:
                if (
                    flags
                    or exchange.step != AWAITS_MESSAGE
                    or not LEAST <= size <= MOST
                    or read_prefix(buffer, start) != (0, size - PREFIX_BYTES)
                ):
                    break
                exchange.messages = (buffer[start + PREFIX_BYTES : at_next],)
                exchange.step = AWAITS_TRAILERS
                self.data_bytes += size
            elif kind != HEADERS:
                break
            elif flags == _TRAILERS:
                known = self._trailers.get(buffer[start:at_next])
                if known is None or exchange.step > AWAITS_TRAILERS:
                    break
                del exchanges[stream_id]
                exchange.ended(*known)
            elif flags == END_HEADERS:
                headers = self._answers.get(buffer[start:at_next])
                if headers is None or exchange.step != AWAITS_HEADERS:
                    break
                exchange.initial, exchange.step = headers, AWAITS_MESSAGE
            else:
                break
            at = at_next
        return at
