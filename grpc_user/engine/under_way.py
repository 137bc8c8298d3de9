"""What an engine has begun and not ended, as its hub knows: for the case that it dies."""

from __future__ import annotations

import numpy as np

from records.slots import (
    ENDED,
    NO_NUMBER,
    NO_TEXT,
    NO_TIME,
    REASONS,
    SENT,
    SLOT,
    UNFINISHED,
    UNSENT,
    WAITING,
    Slots,
)

GENERATOR, STOPPED = REASONS.index("generator"), REASONS.index("stopped")
NOTHING = np.zeros(0, SLOT)
_UNKNOWN_TIMES = (
    "received_s",
    "spin_s",
    "worker_queue_s",
    "worker_wall_s",
    "worker_cpu_s",
    "throttled_s",
)
_UNKNOWN_NUMBERS = (
    "http_status",
    "instance_seq",
    "request_bytes",
    "reply_bytes",
    "channel",
    "code",
    "instance_id",
    "pod",
)


class UnderWay:
    """Arrivals that were taken on and have no end yet.

    Attributes:
        next_k: One more than the largest number of an arrival that was ever seen.
    """

    def __init__(self) -> None:
        self.next_k = 0
        self._begun: Slots = NOTHING

    def __len__(self) -> int:
        return len(self._begun)

    def note(self, sent: Slots, waiting: Slots, ended: Slots) -> None:
        """Take what has become of arrivals since the last time."""
        begun = np.concatenate((self._begun, waiting, sent))
        has_left = (begun["kind"] == WAITING) & np.isin(begun["k"], sent["k"])
        self._begun = begun[~(has_left | np.isin(begun["k"], ended["k"]))]
        for slots in (sent, waiting, ended):
            if len(slots):
                self.next_k = max(self.next_k, int(slots["k"].max()) + 1)

    def end(self, detail: int = NO_TEXT) -> Slots:
        """The rows of all of them, whose engine is dead; afterwards none is under way.

        Args:
            detail: Number of the text that says how it died.
        """
        rows, self._begun = self._begun.copy(), NOTHING
        has_left = rows["kind"] == SENT
        rows["kind"] = ENDED
        rows["status"] = np.where(has_left, UNFINISHED, UNSENT)
        rows["reason"] = np.where(has_left, GENERATOR, STOPPED)
        for name in _UNKNOWN_TIMES:
            rows[name] = NO_TIME
        for name in _UNKNOWN_NUMBERS:
            rows[name] = NO_NUMBER
        rows["detail"] = np.where(has_left, detail, NO_TEXT)
        return rows
