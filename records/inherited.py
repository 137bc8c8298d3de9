"""The rows that a member's generator did not live to record, added by somebody who has them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from records.arrow_schema import ARROW_SCHEMA
from records.completeness import Segment, scan_segments
from records.segments import Ending, next_segment_number, write_table
from records.slot_batches import frames_of
from records.slot_table import frame_to_table
from records.slots import Slots

BATCH_ROWS = 65_536


def record_rest(
    folder: Path,
    member: str,
    ended: Slots,
    texts: Sequence[str],
    *,
    method: str,
    warm_up_s: float,
    rows_lost: int = 0,
) -> int:
    """Complete a member's record; nobody else may be writing it any more.

    Args:
        folder: The run folder.
        member: Whose record.
        ended: Slots of kind ENDED; those whose arrival has a row already are left out.
        texts: What their numbers of texts mean.
        method: What was called.
        warm_up_s: Length of the warm-up.
        rows_lost: Rows that nobody has any more: the record says that they are missing.

    Returns:
        How many rows were added.

    Raises:
        OSError, pa.ArrowException: when it cannot be read or written.
    """
    own = [one for one in scan_segments(folder) if one.member == member and one.fault is None]
    rest = ended[~_have_rows(own, ended["k"])]
    frames = frames_of(rest, texts, method=method, warm_up_s=warm_up_s)
    tables = [frame_to_table(frame, member) for frame in frames]
    table = pa.concat_tables([ARROW_SCHEMA.empty_table(), *tables])
    rows = sum(segment.rows for segment in own) + table.num_rows
    ending = Ending(closed=True, rows_given=rows + rows_lost, rows_written=rows)
    write_table(folder, member, next_segment_number(folder, member), table, ending)
    return int(table.num_rows)


def _have_rows(segments: Sequence[Segment], k: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the arrivals have a row in the segments, in memory of one batch."""
    found = np.zeros(k.size, np.bool_)
    for batch in _batches(segments):
        found |= np.isin(k, batch.column("k").to_numpy())
    return found


def _batches(segments: Sequence[Segment]) -> Iterator[pa.RecordBatch]:
    for segment in segments:
        with pq.ParquetFile(segment.path, pre_buffer=False) as file:
            yield from file.iter_batches(BATCH_ROWS, columns=["k"], use_threads=False)
