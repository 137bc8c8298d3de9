"""What goes through the pipe: a length, then a marshalled value.

A list of tuples is rows; a tuple is many rows as slots (`slot_frame.SlotFrame`); a dict is the
generator's last word. marshal is the fastest encoder of
plain tuples in the standard library; both ends are the same Python, and the pipe is private.
"""

import marshal
import struct
from collections.abc import Iterator, Sequence
from typing import Any

_LENGTH = struct.Struct("<I")


def encode_frame(payload: list[tuple[Any, ...]] | tuple[Any, ...] | dict[str, Any]) -> bytes:
    """One frame.

    Raises:
        ValueError: when a value is none that marshal knows (an exception object, say).
    """
    body = marshal.dumps(payload)
    return _LENGTH.pack(len(body)) + body


def encode_rows(rows: Sequence[tuple[Any, ...]]) -> bytes:
    """One frame of rows; named tuples become plain ones, for marshal takes no others."""
    return encode_frame(list(map(tuple, rows)))


class FrameReader:
    """Cuts a stream of bytes, arriving in pieces of any length, into payloads."""

    def __init__(self) -> None:
        self._held = bytearray()

    @property
    def torn_bytes(self) -> int:
        """Bytes of a frame that has not fully arrived."""
        return len(self._held)

    def feed(self, piece: bytes) -> Iterator[Any]:
        """The payloads that are whole with this piece."""
        self._held += piece
        start = 0
        while (end := self._end_of_frame(start)) is not None:
            body = memoryview(self._held)[start + _LENGTH.size : end]
            payload = marshal.loads(body)  # noqa: S302 - a private pipe from our own process
            body.release()
            start = end
            yield payload
        del self._held[:start]

    def _end_of_frame(self, start: int) -> int | None:
        body_start = start + _LENGTH.size
        if len(self._held) < body_start:
            return None
        end = body_start + int(_LENGTH.unpack_from(self._held, start)[0])
        return end if len(self._held) >= end else None
