"""Rows that say "not sent" of an arrival that somebody else has a row for.

A member that was frozen or cut off from the conductor goes on by the plan it has, and notes down
its arrivals as unsent. Meanwhile others may have been given those arrivals, and have sent them. So
an unsent row whose reason leaves that open counts only where no other row of the arrival exists.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from records.schema import OPEN_REASONS

DECIDING_COLUMNS = ("k", "failure_class")
_REASON = DECIDING_COLUMNS[1]

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Superseded:
    """Which rows to leave out, while all rows are read once in their order.

    Attributes:
        open_k: Arrivals with a row of an open reason, sorted.
        settled: For each of them, whether a row that counts has been seen; at first, whether
            there is a row of no open reason.
    """

    open_k: Numbers
    settled: NDArray[np.bool_] = field(repr=False)

    def rows_that_count(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch without its superseded rows; needs DECIDING_COLUMNS."""
        k = batch.column("k").to_numpy()
        keep = np.ones(batch.num_rows, np.bool_)
        for row in np.flatnonzero(has_open_reason(batch)).tolist():
            place = int(np.searchsorted(self.open_k, k[row]))
            keep[row] = not self.settled[place]
            self.settled[place] = True
        return batch if keep.all() else batch.filter(pa.array(keep))


def find_open(paths: Sequence[Path]) -> Superseded | None:
    """Look for rows of an open reason; None when there are none, which costs only the footers.

    Keeps nine bytes for each such row.

    Raises:
        OSError, pa.ArrowException: for a damaged file.
    """
    suspects = [path for path in paths if _may_have_open_reason(path)]
    found = [batch.column("k").to_numpy()[mask] for batch, mask in _masked(suspects)]
    open_k = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    if not open_k.size:
        return None
    settled = np.zeros(open_k.size, np.bool_)
    for batch, mask in _masked(paths):
        settled |= np.isin(open_k, batch.column("k").to_numpy()[~mask])
    return Superseded(open_k, settled)


def has_open_reason(batch: pa.RecordBatch) -> NDArray[np.bool_]:
    """Which rows are unsent for a reason after which others may have sent the arrival."""
    reasons = pa.array(OPEN_REASONS)
    # No failure class of a call that was sent has one of these names.
    mask: NDArray[np.bool_] = pc.is_in(batch.column(_REASON), reasons).to_numpy(False)
    return mask


def _masked(paths: Sequence[Path]) -> Iterator[tuple[pa.RecordBatch, NDArray[np.bool_]]]:
    for path in paths:
        with pq.ParquetFile(path, pre_buffer=False) as segment:
            for batch in segment.iter_batches(columns=list(DECIDING_COLUMNS), use_threads=False):
                yield batch, has_open_reason(batch)


def _may_have_open_reason(path: Path) -> bool:
    """By the least and the greatest text that each part of the file states for the column."""
    footer = pq.read_metadata(path)
    column = footer.schema.names.index(_REASON)
    return any(
        _spans_open_reason(footer.row_group(group).column(column).statistics)
        for group in range(footer.num_row_groups)
    )


def _spans_open_reason(statistics: pq.Statistics | None) -> bool:
    if statistics is None or not statistics.has_null_count:
        return True
    if not statistics.has_min_max:
        return bool(statistics.num_values > 0)
    least, most = str(statistics.min), str(statistics.max)
    return any(least <= reason <= most for reason in OPEN_REASONS)
