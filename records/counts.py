"""Counts of a run by streaming over its rows."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from records.schema import STATUSES

COUNT_COLUMNS = ("k", "status", "sent_s")
_BLOCK_BITS = 20


class RunCounts:
    """Counts rows, batch by batch, in memory of one bit an arrival."""

    def __init__(self) -> None:
        self._by_status: Counter[str] = Counter()
        self._rows = 0
        self._with_sent_s = 0
        self._distinct = 0
        self._seen: dict[int, NDArray[np.uint8]] = {}  # packed bits

    def add(self, batch: pa.RecordBatch) -> None:
        """Count a batch that has at least COUNT_COLUMNS."""
        for entry in pc.value_counts(batch.column("status")).to_pylist():
            self._by_status[entry["values"]] += entry["counts"]
        self._rows += batch.num_rows
        self._with_sent_s += batch.num_rows - batch.column("sent_s").null_count
        self._distinct += self._count_new(batch.column("k").to_numpy())

    def to_dict(self) -> dict[str, int]:
        """The counts; the invariants hold in a complete run and fail visibly in another.

        planned = sent + unsent fails where an arrival has two rows;
        sent = ok + failed + unfinished fails where a status is none of STATUSES.

        Keys: rows; planned: distinct arrivals; duplicates: rows beyond the first of an arrival;
        sent: rows whose status is not "unsent"; with_sent_s: rows that have a sent time;
        ok, failed, unfinished, unsent: rows of that status.
        """
        return {
            "rows": self._rows,
            "planned": self._distinct,
            "sent": self._rows - self._by_status["unsent"],
            "duplicates": self._rows - self._distinct,
            "with_sent_s": self._with_sent_s,
            **{status: self._by_status[status] for status in STATUSES},
        }

    def _count_new(self, k: NDArray[np.int64]) -> int:
        distinct = np.unique(k)
        blocks = distinct >> _BLOCK_BITS
        return sum(self._mark(int(block), distinct[blocks == block]) for block in np.unique(blocks))

    def _mark(self, block: int, k: NDArray[np.int64]) -> int:
        size = 1 << _BLOCK_BITS
        seen = np.zeros(size, np.bool_)
        if block in self._seen:
            seen = np.unpackbits(self._seen[block]).view(np.bool_)
        places = k & (size - 1)
        new = int(np.count_nonzero(~seen[places]))
        seen[places] = True
        self._seen[block] = np.packbits(seen)
        return new
