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
FEW = 2000
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

    What is noted is kept as it comes, and sorted out once it is as much as what is under way: the
    work for an arrival does not grow with the number of others.

    Args:
        few: So many slots are kept as they come in any case.

    Attributes:
        next_k: One more than the largest number of an arrival that was ever seen.
    """

    def __init__(self, few: int = FEW) -> None:
        self.next_k = 0
        self._few = few
        self._begun: Slots = NOTHING
        self._noted: list[tuple[Slots, Slots, Slots]] = []
        self._noted_slots = 0

    def __len__(self) -> int:
        self._sort_out()
        return len(self._begun)

    def note(self, sent: Slots, waiting: Slots, ended: Slots) -> None:
        """Take what has become of arrivals since the last time."""
        for slots in (sent, waiting, ended):
            if len(slots):
                self.next_k = max(self.next_k, int(slots["k"].max()) + 1)
        self._noted.append((sent, waiting, ended))
        self._noted_slots += len(sent) + len(waiting) + len(ended)
        if self._noted_slots > max(self._few, len(self._begun)):
            self._sort_out()

    def _sort_out(self) -> None:
        if not self._noted:
            return
        sent, waiting, ended = (np.concatenate(slots) for slots in zip(*self._noted, strict=True))
        self._noted, self._noted_slots = [], 0
        begun = np.concatenate((self._begun, waiting, sent))
        has_left = (begun["kind"] == WAITING) & np.isin(begun["k"], sent["k"])
        self._begun = begun[~(has_left | np.isin(begun["k"], ended["k"]))]

    def end(self, detail: int = NO_TEXT) -> Slots:
        """The rows of all of them, whose engine is dead; afterwards none is under way.

        Args:
            detail: Number of the text that says how it died.
        """
        self._sort_out()
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
