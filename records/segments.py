"""One segment of the record: a Parquet file that is whole or not there."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from records.arrow_schema import ARROW_SCHEMA
from records.atomic_file import write_new_file
from records.rows import Row, rows_to_table
from records.run_folder import TEMP_SUFFIX, parse_segment_name, segment_name

ENDING_KEY = b"ending"


@dataclass(frozen=True)
class Ending:
    """What a member's last segment says of its record as a whole.

    Attributes:
        closed: The generator ended its record itself; False when it died before.
        rows_given: Rows the generator handed over; None when it died before it could say.
        rows_written: Rows in all segments of the member.
    """

    closed: bool
    rows_given: int | None
    rows_written: int


def write_segment(
    folder: Path, member: str, n: int, records: Sequence[Row], ending: Ending | None = None
) -> Path:
    """Write rows (CallRecord or tuples in its order) as the member's n-th segment, n from 0.

    `ending` is given for the member's last segment only, which may hold no rows.

    Raises:
        InvalidRow: when a value does not fit its column; nothing is written then.
        FileExistsError: when there is such a segment.
        OSError: when it cannot be written (disk full); nothing is left behind then.
    """
    return write_table(folder, member, n, rows_to_table(records), ending)


def write_table(
    folder: Path, member: str, n: int, table: pa.Table, ending: Ending | None = None
) -> Path:
    """As `write_segment`, of rows that are a table of ARROW_SCHEMA already."""
    path = folder / segment_name(member, n)
    write_new_file(path, _parquet_bytes(table, ending))
    return path


def next_segment_number(folder: Path, member: str) -> int:
    """The first number after all that exist, unfinished ones included."""
    names = (path.name.removesuffix(TEMP_SUFFIX) for path in folder.iterdir())
    taken = (
        parsed[1] for parsed in map(parse_segment_name, names) if parsed and parsed[0] == member
    )
    return max(taken, default=-1) + 1


def ending_of(metadata: dict[bytes, bytes] | None) -> Ending | None:
    """The ending that a segment's metadata states; None for all but the last segment."""
    text = (metadata or {}).get(ENDING_KEY)
    return Ending(**json.loads(text)) if text else None


def _parquet_bytes(table: pa.Table, ending: Ending | None) -> memoryview:
    if ending:
        metadata = {**ARROW_SCHEMA.metadata, ENDING_KEY: json.dumps(asdict(ending)).encode()}
        table = table.replace_schema_metadata(metadata)
    # In memory first: then every write to the disk is ours, with its own error.
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return memoryview(sink.getvalue())
