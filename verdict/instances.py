"""Which instances replied, how often, and since when: bounded."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verdict.facts import InstanceShare

_KEPT = 1000


class Instances:
    """Replies by instance; instances beyond the first 1000 are counted as one."""

    __slots__ = ("seen",)

    def __init__(self) -> None:
        self.seen: dict[str, list[float]] = {}
        """Instance to [replies, first sent, last sent]."""

    def add(self, instance_id: str, sent_s: float) -> None:
        """Count a reply to a call sent then."""
        row = self.seen.get(instance_id)
        if row is None:
            self._put(instance_id, 1, sent_s, sent_s)
            return
        row[0] += 1
        if sent_s > row[2]:
            row[2] = sent_s
        elif sent_s < row[1]:
            row[1] = sent_s

    def _put(self, instance_id: str, replies: float, first_s: float, last_s: float) -> None:
        if instance_id not in self.seen and len(self.seen) >= _KEPT:
            instance_id = "other"
        row = self.seen.setdefault(instance_id, [0, first_s, last_s])
        row[0] += replies
        row[1], row[2] = min(row[1], first_s), max(row[2], last_s)

    def add_many(
        self, instance_ids: Sequence[str], numbers: NDArray[np.int32], sent_s: NDArray[np.float64]
    ) -> None:
        """Count many replies at once.

        Args:
            instance_ids: Names, by number.
            numbers: For each reply the number of its instance.
            sent_s: When its call was sent.
        """
        if not len(numbers):
            return
        order = np.argsort(numbers, kind="stable")
        found, first, counts = np.unique(numbers[order], return_index=True, return_counts=True)
        least = np.minimum.reduceat(sent_s[order], first)
        most = np.maximum.reduceat(sent_s[order], first)
        for place in np.argsort(order[first]).tolist():  # in the order of their first replies
            name = instance_ids[int(found[place])]
            self._put(name, int(counts[place]), float(least[place]), float(most[place]))

    def merge(self, other: "Instances") -> None:
        """Pool another member's replies."""
        for instance_id, (replies, first_s, last_s) in other.seen.items():
            self._put(instance_id, replies, first_s, last_s)

    def share(self) -> InstanceShare:
        """How the replies were spread; "there" is from an instance's first reply to the end."""
        if not self.seen:
            return InstanceShare(0, 0.0, 0.0)
        rows = sorted(self.seen.values(), reverse=True)
        begin_s, end_s = min(row[1] for row in rows), max(row[2] for row in rows)
        span_s = max(end_s - begin_s, 1e-9)
        others = [(end_s - row[1]) / span_s for row in rows[1:]]
        present = sum(others) / len(others) if others else 0.0
        return InstanceShare(len(rows), rows[0][0] / sum(row[0] for row in rows), present)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a message."""
        return {name: list(row) for name, row in self.seen.items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Instances":
        """The counts that `to_dict` described."""
        instances = cls()
        instances.seen = {name: list(row) for name, row in values.items()}
        return instances
