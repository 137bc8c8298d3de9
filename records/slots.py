"""Rows of fixed size, as they lie in memory that two processes share.

A slot holds what `CallRecord` holds, but for its phase, method and member, which whoever reads the
slots knows. Texts lie beside them, each under its number in order of arrival, from 0.
"""

import math

import numpy as np
from numpy.typing import NDArray

from records.schema import FAILURE_CLASSES, STATUSES, UNSENT_REASONS

SENT, ENDED, TEXT, WAITING = 1, 2, 3, 4
"""Kinds of slots: a call has left; an arrival is over or was never sent; a piece of a text; an
arrival waits for a connection with room."""

REASONS = FAILURE_CLASSES + UNSENT_REASONS

OK, FAILED, UNFINISHED, UNSENT = map(STATUSES.index, ("ok", "failed", "unfinished", "unsent"))
"""What `status` holds."""

NO_TEXT = NO_NUMBER = -1
NO_TIME = math.nan

SLOT = np.dtype(
    [
        ("kind", "u1"),
        ("status", "u1"),  # index into STATUSES
        ("reason", "i1"),  # index into REASONS; -1 for none
        ("unused", "u1"),
        ("http_status", "i4"),  # -1 for none, as all numbers below
        ("k", "i8"),
        ("intended_s", "f8"),
        ("sent_s", "f8"),  # NaN for none, as all times below
        ("received_s", "f8"),
        ("spin_s", "f8"),
        ("worker_queue_s", "f8"),
        ("worker_wall_s", "f8"),
        ("worker_cpu_s", "f8"),
        ("throttled_s", "f8"),
        ("instance_seq", "i8"),
        ("request_bytes", "i4"),
        ("reply_bytes", "i4"),
        ("channel", "i4"),
        ("code", "i4"),  # number of a text; -1 for none, as all texts below
        ("instance_id", "i4"),
        ("pod", "i4"),
        ("detail", "i4"),
        ("padding", "V12"),
    ],
    align=False,
)
"""128 bytes. All times are seconds from the run's epoch, or lengths in seconds."""

Slots = NDArray[np.void]


def picked(slots: Slots, mask: NDArray[np.bool_]) -> Slots:
    """The slots where the mask holds; themselves, not a copy, where it holds for all."""
    return slots if mask.all() else slots[mask]
