"""Slots into Arrow tables, column by column."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from records.arrow_schema import ARROW_SCHEMA
from records.rows import encodable
from records.schema import COLUMNS, PHASES, STATUSES
from records.slot_batches import TEXT_FIELDS, slots_in
from records.slot_frame import SlotFrame
from records.slots import REASONS, UNSENT, Slots


def frame_to_table(frame: SlotFrame, member: str) -> pa.Table:
    """The rows of a frame as a table of ARROW_SCHEMA.

    Args:
        frame: The slots and what they mean.
        member: Whose rows they are.
    """
    slots = slots_in(frame)
    given = _worded(slots, frame, member)
    arrays = [given[name] if name in given else _numbers(slots, name) for name in COLUMNS]
    return pa.Table.from_arrays(arrays, schema=ARROW_SCHEMA)


def _worded(slots: Slots, frame: SlotFrame, member: str) -> dict[str, pa.Array]:
    """The columns of texts."""
    is_measured = slots["intended_s"] >= frame.warm_up_s
    texts = [str(encodable(text)) for text in frame.texts]
    return {
        "phase": _chosen(PHASES, is_measured.astype(np.int32)),
        "method": _chosen((frame.method, ""), (slots["status"] == UNSENT).astype(np.int32)),
        "member": _chosen((member,), np.zeros(len(slots), np.int32)),
        "status": _chosen(STATUSES, slots["status"].astype(np.int32)),
        "failure_class": _chosen(REASONS, slots["reason"].astype(np.int32)),
        **{name: _chosen(texts, slots[name]) for name in TEXT_FIELDS},
    }


def _chosen(texts: Sequence[str], numbers: NDArray[np.int32]) -> pa.Array:
    """Each number's text; none for a negative one."""
    numbers = np.ascontiguousarray(numbers)
    return pa.array(texts, pa.string()).take(pa.array(numbers, pa.int32(), mask=numbers < 0))


def _numbers(slots: Slots, name: str) -> pa.Array:
    values = np.ascontiguousarray(slots[name])
    missing = np.isnan(values) if values.dtype.kind == "f" else values < 0
    return pa.array(values, mask=missing).cast(ARROW_SCHEMA.field(name).type)
