"""The words at the head of the shared memory: one number each, written by one side only.

Each is eight bytes at an aligned address and stored at once, so that a reader sees the old value or
the new one. Stores are seen in the order in which they were made (x86-64's memory order).
"""

import mmap
from enum import IntEnum

HEAD_BYTES = 4096
"""A page, so that slots begin at a page too."""


class State(IntEnum):
    """How far an engine is."""

    STARTING, READY, SENDING, SENT, DRAINED = range(5)


class Whole(IntEnum):
    """Places of whole numbers."""

    WRITTEN, COMMITTED, STATE, NEXT_K, IN_FLIGHT, SENT_COUNT, CUT_OFF, KEPT = range(8)


class Real(IntEnum):
    """Places of numbers with a fraction, behind the whole ones."""

    GRANTED_S, REACHED_S, CPU_S, HEARTBEAT_S = range(16, 20)


class Words:
    """The words as both sides see them.

    Args:
        memory: The mapping; its first page holds the words.

    Attributes:
        whole: By `Whole`.
        real: By `Real`.
    """

    def __init__(self, memory: mmap.mmap) -> None:
        self._view = memoryview(memory)[:HEAD_BYTES]
        self.whole = self._view.cast("Q")
        self.real = self._view.cast("d")

    def close(self) -> None:
        """Let go of the memory."""
        self.whole.release()
        self.real.release()
        self._view.release()
