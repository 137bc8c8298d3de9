"""HTTP/2 frames as bytes (RFC 9113, sections 4.1 and 6), and what is wrong with a peer's."""

import struct
from collections.abc import Iterable

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS = 0, 1, 2, 3, 4
PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 5, 6, 7, 8, 9

ACK = END_STREAM = 0x1
END_HEADERS = 0x4
PADDED = 0x8
WITH_PRIORITY = 0x20

HEADER_BYTES = 9
STREAM_ID_BITS = 0x7FFFFFFF
LARGEST_WINDOW = 2**31 - 1
DEFAULT_WINDOW = 65_535
DEFAULT_FRAME_BYTES = 16_384
LARGEST_FRAME_BYTES = 2**24 - 1

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

# RFC 9113, section 7.
NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT = 0, 1, 2, 3, 4
STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL, COMPRESSION_ERROR = 5, 6, 7, 8, 9
CONNECT_ERROR, ENHANCE_YOUR_CALM, INADEQUATE_SECURITY, HTTP_1_1_REQUIRED = 10, 11, 12, 13

Frame = tuple[int, int, int, bytes, int]
"""Kind, flags, stream, payload without padding, and the bytes it had on the wire."""


class PeerError(Exception):
    """The peer broke the protocol: the whole connection is of no more use.

    Args:
        code: The error code to leave with (GOAWAY).
        text: What it did, for the failed calls' details.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


def frame(kind: int, flags: int, stream_id: int, payload: bytes = b"") -> bytes:
    """One frame."""
    head = len(payload) << 48 | kind << 40 | flags << 32 | stream_id
    return head.to_bytes(HEADER_BYTES, "big") + payload


def settings(pairs: Iterable[tuple[int, int]]) -> bytes:
    """SETTINGS of ours."""
    payload = b"".join(struct.pack(">HI", identifier, value) for identifier, value in pairs)
    return frame(SETTINGS, 0, 0, payload)


def window_update(stream_id: int, increment: int) -> bytes:
    """Room for so many more bytes, on one stream or (0) on the connection."""
    return frame(WINDOW_UPDATE, 0, stream_id, increment.to_bytes(4, "big"))


def rst_stream(stream_id: int, code: int) -> bytes:
    """The end of one stream."""
    return frame(RST_STREAM, 0, stream_id, code.to_bytes(4, "big"))


def goaway(code: int, text: str = "") -> bytes:
    """Our leave; we accept no streams, so the last one we saw is 0."""
    return frame(GOAWAY, 0, 0, struct.pack(">II", 0, code) + text.encode())


def header_frames(stream_id: int, block: bytes, limit: int, *, end_stream: bool) -> bytes:
    """A header block as HEADERS and, where it is longer than a frame may be, CONTINUATION."""
    ending = END_STREAM if end_stream else 0
    if len(block) <= limit:
        return frame(HEADERS, END_HEADERS | ending, stream_id, block)
    parts = [block[at : at + limit] for at in range(0, len(block), limit)]
    made = [frame(HEADERS, ending, stream_id, parts[0])]
    made += [frame(CONTINUATION, 0, stream_id, part) for part in parts[1:-1]]
    made.append(frame(CONTINUATION, END_HEADERS, stream_id, parts[-1]))
    return b"".join(made)
