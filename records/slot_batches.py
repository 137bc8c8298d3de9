"""Batches of slots on their way to the writer: cut into frames, each with the texts it names."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from records.slot_frame import SlotFrame
from records.slots import NO_TEXT, SLOT, Slots

TEXT_FIELDS = ("code", "instance_id", "pod", "detail")
FRAME_SLOTS = 1000
"""128 kB: what a pipe takes at once."""


def frames_of(
    ended: Slots, texts: Sequence[str], *, method: str, warm_up_s: float
) -> Iterator[SlotFrame]:
    """The frames of a batch: each can be read without the others.

    Args:
        ended: Slots of kind ENDED.
        texts: All texts that they may name.
        method: What was called.
        warm_up_s: Length of the warm-up.
    """
    for first in range(0, len(ended), FRAME_SLOTS):
        slots = ended[first : first + FRAME_SLOTS].copy()
        named = _renumber(slots, len(texts))
        used = [texts[n] for n in named]
        yield SlotFrame(len(slots), slots.tobytes(), used, method, warm_up_s)


def slots_in(frame: SlotFrame) -> Slots:
    """The slots of a frame."""
    return np.frombuffer(frame.slots, SLOT)


def _renumber(slots: Slots, texts: int) -> list[int]:
    """Number the texts that are named anew, from 0; in place. What they were numbered before."""
    is_named = np.zeros(texts + 1, np.bool_)  # one place more: the last one is that of NO_TEXT
    for field in TEXT_FIELDS:
        is_named[slots[field]] = True
    is_named[NO_TEXT] = False
    places: NDArray[np.int32] = np.cumsum(is_named, dtype=np.int32) - np.int32(1)
    places[NO_TEXT] = NO_TEXT
    for field in TEXT_FIELDS:
        slots[field] = places[slots[field]]
    return [int(n) for n in np.flatnonzero(is_named)]
