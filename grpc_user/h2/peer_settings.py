"""The peer's SETTINGS, held against the RFC (9113, section 6.5.2)."""

import struct
from dataclasses import dataclass

from grpc_user.h2.frames import (
    DEFAULT_FRAME_BYTES,
    DEFAULT_WINDOW,
    FLOW_CONTROL_ERROR,
    LARGEST_FRAME_BYTES,
    LARGEST_WINDOW,
    PROTOCOL_ERROR,
    PeerError,
)

HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS = 1, 2, 3
INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE = 4, 5

UNLIMITED = 2**31 - 1
"""A server that declares no limit has none (RFC 9113, section 6.5.2)."""


@dataclass(slots=True)
class PeerSettings:
    """What the peer asks of us.

    Attributes:
        stream_limit: Calls at once; 0 is read as 1, as where the limit is asked for beforehand.
        initial_window: Bytes that it takes on a new stream.
        frame_bytes: The largest payload of a frame that it takes.
    """

    stream_limit: int = UNLIMITED
    initial_window: int = DEFAULT_WINDOW
    frame_bytes: int = DEFAULT_FRAME_BYTES

    def update(self, payload: bytes) -> None:
        """Take over a SETTINGS frame; what is unknown is left out.

        Raises:
            PeerError: for a value that is not allowed.
        """
        for identifier, value in struct.iter_unpack(">HI", payload):
            if identifier == MAX_CONCURRENT_STREAMS:
                self.stream_limit = min(max(1, value), UNLIMITED)
            elif identifier == INITIAL_WINDOW_SIZE:
                if value > LARGEST_WINDOW:
                    raise PeerError(FLOW_CONTROL_ERROR, f"an initial window of {value}")
                self.initial_window = value
            elif identifier == MAX_FRAME_SIZE:
                if not DEFAULT_FRAME_BYTES <= value <= LARGEST_FRAME_BYTES:
                    raise PeerError(PROTOCOL_ERROR, f"a largest frame of {value} bytes")
                self.frame_bytes = value
            elif identifier == ENABLE_PUSH and value != 0:
                raise PeerError(PROTOCOL_ERROR, "a server that would let us push")
