"""Bytes to frames, however they are cut up; the peer's breaches of framing found on the way.

CONTINUATION is joined to its HEADERS and padding is taken off here, so that nobody else sees
either. RFC 9113, sections 4 to 6.
"""

from collections.abc import Iterator

from grpc_user.h2.frames import (
    ACK,
    CONTINUATION,
    DATA,
    DEFAULT_FRAME_BYTES,
    END_HEADERS,
    FRAME_SIZE_ERROR,
    GOAWAY,
    HEADER_BYTES,
    HEADERS,
    PADDED,
    PING,
    PRIORITY,
    PROTOCOL_ERROR,
    PUSH_PROMISE,
    RST_STREAM,
    SETTINGS,
    STREAM_ID_BITS,
    WINDOW_UPDATE,
    WITH_PRIORITY,
    Frame,
    PeerError,
)

MOST_BLOCK_BYTES = 1 << 20
"""A header block may go on through any number of frames: an end to the memory it takes."""

FIXED_SIZES = {PRIORITY: 5, RST_STREAM: 4, PING: 8, WINDOW_UPDATE: 4}
ON_A_STREAM = frozenset((DATA, HEADERS, PRIORITY, RST_STREAM, CONTINUATION, PUSH_PROMISE))
ON_THE_CONNECTION = frozenset((SETTINGS, PING, GOAWAY))
GOAWAY_FIXED_BYTES = 8
SETTING_BYTES = 6
PRIORITY_BYTES = 5
LENGTH_BYTES = 3
HTTP_1 = b"HTTP/1."


class FrameReader:
    """Keeps what of a frame is still incomplete."""

    def __init__(self) -> None:
        self._rest = b""
        self._block: list[bytes] = []
        self._block_bytes = 0
        self._block_of: tuple[int, int] | None = None  # flags and stream of the open HEADERS

    @property
    def is_within_block(self) -> bool:
        """Whether only the rest of a header block may follow."""
        return self._block_of is not None

    def frames(self, data: bytes) -> Iterator[Frame]:
        """The frames that these bytes complete; those of kinds unknown are left out.

        Raises:
            PeerError: at the first frame that the RFC does not allow.
        """
        buffer, at = self.joined(data), 0
        while (after := self.end_of_frame(buffer, at)) is not None:
            found = self.read(buffer, at, after)
            at = after
            if found is not None:
                yield found
        self.keep(buffer, at)

    def joined(self, data: bytes) -> bytes:
        """What was kept of an incomplete frame, and what came after it."""
        return self._rest + data if self._rest else data

    def keep(self, buffer: bytes, at: int) -> None:
        """Keep the incomplete frame from here on."""
        self._rest = buffer[at:]

    def end_of_frame(self, buffer: bytes, at: int) -> int | None:
        """Where the frame that begins here ends; None while it is incomplete.

        Raises:
            PeerError: for one that is too large.
        """
        if len(buffer) - at < HEADER_BYTES:
            return None
        size = int.from_bytes(buffer[at : at + LENGTH_BYTES], "big")
        if size > DEFAULT_FRAME_BYTES:
            raise _too_large(buffer[at:], size)
        after = at + HEADER_BYTES + size
        return after if after <= len(buffer) else None

    def read(self, buffer: bytes, at: int, after: int) -> Frame | None:
        """The frame between two places; None where it is of no kind we know, or goes on.

        Raises:
            PeerError: where the RFC does not allow it.
        """
        stream_id = int.from_bytes(buffer[at + 5 : at + HEADER_BYTES], "big") & STREAM_ID_BITS
        payload = buffer[at + HEADER_BYTES : after]
        return self._frame(buffer[at + 3], buffer[at + 4], stream_id, payload)

    def _frame(self, kind: int, flags: int, stream_id: int, payload: bytes) -> Frame | None:
        if self._block_of is not None or kind == CONTINUATION:
            return self._continued(kind, flags, stream_id, payload)
        if kind == DATA:
            _check_stream(kind, stream_id)
            shown = _unpadded(payload) if flags & PADDED else payload
            return kind, flags, stream_id, shown, len(payload)
        if kind == HEADERS:
            return self._headers(flags, stream_id, payload)
        if kind > CONTINUATION:
            return None
        _check_stream(kind, stream_id)
        _check_size(kind, flags, len(payload))
        return kind, flags, stream_id, payload, len(payload)

    def _headers(self, flags: int, stream_id: int, payload: bytes) -> Frame | None:
        _check_stream(HEADERS, stream_id)
        size = len(payload)
        if flags & PADDED:
            payload = _unpadded(payload)
        if flags & WITH_PRIORITY:
            if len(payload) < PRIORITY_BYTES:
                raise PeerError(FRAME_SIZE_ERROR, "HEADERS too short for its priority")
            payload = payload[PRIORITY_BYTES:]
        if flags & END_HEADERS:
            return HEADERS, flags, stream_id, payload, size
        self._block_of = (flags, stream_id)
        self._block, self._block_bytes = [payload], size
        return None

    def _continued(self, kind: int, flags: int, stream_id: int, payload: bytes) -> Frame | None:
        if self._block_of is None:
            raise PeerError(PROTOCOL_ERROR, "CONTINUATION without HEADERS")
        first_flags, expected = self._block_of
        if kind != CONTINUATION or stream_id != expected:
            raise PeerError(PROTOCOL_ERROR, "another frame inside a header block")
        self._block.append(payload)
        self._block_bytes += len(payload) + HEADER_BYTES
        if self._block_bytes > MOST_BLOCK_BYTES:
            raise PeerError(PROTOCOL_ERROR, f"a header block above {MOST_BLOCK_BYTES} bytes")
        if not flags & END_HEADERS:
            return None
        block, self._block, self._block_of = b"".join(self._block), [], None
        return HEADERS, first_flags | END_HEADERS, stream_id, block, len(block)


def _unpadded(payload: bytes) -> bytes:
    if not payload:
        raise PeerError(FRAME_SIZE_ERROR, "a padded frame without its padding's length")
    end = len(payload) - payload[0]
    if end < 1:
        raise PeerError(PROTOCOL_ERROR, "padding longer than its frame")
    return payload[1:end]


def _check_stream(kind: int, stream_id: int) -> None:
    if kind in ON_A_STREAM and stream_id == 0:
        raise PeerError(PROTOCOL_ERROR, f"a frame of kind {kind} on stream 0")
    if kind in ON_THE_CONNECTION and stream_id != 0:
        raise PeerError(PROTOCOL_ERROR, f"a frame of kind {kind} on stream {stream_id}")


def _check_size(kind: int, flags: int, size: int) -> None:
    right = FIXED_SIZES.get(kind, size) == size
    if kind == SETTINGS:
        right = size == 0 if flags & ACK else size % SETTING_BYTES == 0
    elif kind == GOAWAY:
        right = size >= GOAWAY_FIXED_BYTES
    if not right:
        raise PeerError(FRAME_SIZE_ERROR, f"a frame of kind {kind} with {size} bytes")


def _too_large(start: bytes, size: int) -> PeerError:
    if start.startswith(HTTP_1):
        return PeerError(PROTOCOL_ERROR, "the target speaks HTTP/1, not HTTP/2")
    return PeerError(FRAME_SIZE_ERROR, f"a frame of {size} bytes, above {DEFAULT_FRAME_BYTES}")
