"""A ring of slots in memory that two processes share: one writes, the other reads.

The memory has no name: it lives as long as either side has it open, and survives the death of the
other. What a slot holds is written before the position that says so.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections import deque
from dataclasses import dataclass

import numpy as np

from grpc_user.engine.words import HEAD_BYTES, Whole, Words
from records.slots import SLOT, Slots

RING_SLOTS = 1 << 18
"""Enough for 6 s at 20 000 rps, two slots an arrival. What a hub that stands still for longer does
not take is kept in the engine's own memory."""

MOST_MOVED = 1 << 14
"""Kept slots that `publish` moves at once: some 1 ms, for calls may be due."""

SLOT_BYTES = SLOT.itemsize
_WRITTEN = int(Whole.WRITTEN)


@dataclass(frozen=True)
class SharedMemory:
    """The mapping of one side.

    Attributes:
        fd: What the other side maps.
        memory: The words, then the slots.
        slots: How many there are.
    """

    fd: int
    memory: mmap.mmap
    slots: int


def new_memory(slots: int = RING_SLOTS) -> SharedMemory:
    """Memory without a name, all zeros."""
    fd = os.memfd_create("engine-ring", os.MFD_CLOEXEC)
    os.ftruncate(fd, HEAD_BYTES + slots * SLOT_BYTES)
    return mapped(fd)


def mapped(fd: int) -> SharedMemory:
    """The mapping of memory that somebody made."""
    size = os.fstat(fd).st_size
    return SharedMemory(fd, mmap.mmap(fd, size), (size - HEAD_BYTES) // SLOT_BYTES)


class RingWriter:
    """The end that slots are put into; never waits and never loses one.

    A slot for which the ring has no room is kept here, and moved there later. The word KEPT says
    how many are; whoever reads it and then the ring misses none where it says that none is.

    Args:
        shared: The memory.
        words: Its words.
    """

    def __init__(self, shared: SharedMemory, words: Words) -> None:
        self._memory = shared.memory
        self._slots = shared.slots
        self._whole = words.whole
        self._at = words.whole[Whole.WRITTEN]
        self._full_at = words.whole[Whole.COMMITTED] + shared.slots
        self._kept: deque[bytes] = deque()

    @property
    def kept(self) -> int:
        """Slots that the ring has no room for yet."""
        return len(self._kept)

    def put(self, layout: struct.Struct, *values: object) -> None:
        """Add a slot; the reader sees it after `publish`.

        Args:
            layout: Of exactly a slot's length.
            values: What it packs.
        """
        at = self._at
        if self._kept or (at >= self._full_at and not self._has_room()):
            self._kept.append(layout.pack(*values))
            return
        layout.pack_into(self._memory, HEAD_BYTES + at % self._slots * SLOT_BYTES, *values)
        self._at = at + 1

    def publish(self) -> None:
        """Show the reader all that was added."""
        if not self._kept:
            self._whole[_WRITTEN] = self._at
            return
        self._move_kept()
        self._whole[_WRITTEN] = self._at
        self._whole[Whole.KEPT] = len(self._kept)

    def take_kept(self) -> Slots:
        """The slots that the ring has no room for; they are kept here no more."""
        kept, self._kept = self._kept, deque()
        return np.frombuffer(b"".join(kept), SLOT)

    def _has_room(self) -> bool:
        self._full_at = self._whole[Whole.COMMITTED] + self._slots
        return self._at < self._full_at

    def _move_kept(self) -> None:
        most = MOST_MOVED
        while self._kept and most and self._has_room():
            place = self._at % self._slots
            count = min(len(self._kept), most, self._full_at - self._at, self._slots - place)
            start = HEAD_BYTES + place * SLOT_BYTES
            moved = b"".join(self._kept.popleft() for _ in range(count))
            self._memory[start : start + len(moved)] = moved
            self._at += count
            most -= count


class RingReader:
    """The end that slots are taken from.

    Args:
        shared: The memory.
        words: Its words.
        at: Position of the first slot to read.

    Attributes:
        at: Position behind the last slot that was read.
    """

    def __init__(self, shared: SharedMemory, words: Words, at: int = 0) -> None:
        self._slots = shared.slots
        self._whole = words.whole
        self._all: Slots = np.frombuffer(shared.memory, SLOT, shared.slots, HEAD_BYTES)
        self.at = at

    def read(self, most: int = RING_SLOTS) -> Slots:
        """A copy of what is new, in order; its places stay taken until `commit`.

        Args:
            most: Slots that are read at once; the others stay new.
        """
        start, count = self.at % self._slots, min(self._whole[Whole.WRITTEN] - self.at, most)
        self.at += count
        if start + count <= self._slots:
            return self._all[start : start + count].copy()
        return np.concatenate((self._all[start:], self._all[: start + count - self._slots]))

    def commit(self, upto: int) -> None:
        """What was read before a position is safe elsewhere: its places may be used anew."""
        self._whole[Whole.COMMITTED] = upto
