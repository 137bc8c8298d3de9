"""Texts beside the slots that name them: each once, in pieces of a slot's size, before its use."""

import struct

import numpy as np

from grpc_user.engine.ring import RingWriter
from records.slots import NO_TEXT, SLOT, TEXT, Slots

MOST_TEXTS = 1 << 16
LEFT_OUT = "(one of very many different texts, left out)"
"""Stands for what would be more than MOST_TEXTS: else a server's whims could fill the memory."""

_PIECE = struct.Struct("<BBHi120s")
_PIECE_BYTES = 120
_PIECE_SLOT = np.dtype(
    [("kind", "u1"), ("is_last", "u1"), ("size", "u2"), ("number", "i4"), ("piece", "V120")]
)
assert _PIECE.size == _PIECE_SLOT.itemsize == SLOT.itemsize  # two views of one slot


class TextWriter:
    """Numbers texts in the order of their first use.

    Args:
        ring: Where they go.
        most: How many different ones are told.
    """

    def __init__(self, ring: RingWriter, most: int = MOST_TEXTS) -> None:
        self._ring = ring
        self._most = most
        self._numbers: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        """All so far, by their numbers."""
        return list(self._numbers)

    def number(self, text: str | None) -> int:
        """The number of a text, NO_TEXT for none; a new one is told before this returns."""
        if text is None:
            return NO_TEXT
        known = self._numbers.get(text)
        return self._told(text) if known is None else known

    def _told(self, text: str) -> int:
        if len(self._numbers) >= self._most and text != LEFT_OUT:
            return self.number(LEFT_OUT)
        number = self._numbers[text] = len(self._numbers)
        # What UTF-8 cannot hold is replaced, as the records do.
        data = text.encode(errors="replace")
        for at in range(0, len(data) or 1, _PIECE_BYTES):
            piece = data[at : at + _PIECE_BYTES]
            is_last = at + _PIECE_BYTES >= len(data)
            self._ring.put(_PIECE, TEXT, is_last, len(piece), number, piece)
        return number


class TextReader:
    """Puts the pieces together.

    Attributes:
        texts: By number, as far as they are whole.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces = b""

    def take(self, slots: Slots) -> None:
        """The next slots of kind TEXT, in order."""
        for slot in slots.view(_PIECE_SLOT):
            self._pieces += bytes(slot["piece"])[: int(slot["size"])]
            if slot["is_last"]:
                self.texts.append(self._pieces.decode())
                self._pieces = b""
