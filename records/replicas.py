"""What an observer saw of a Service, read and stored: `replicas.parquet`, or `replicas.jsonl`.

The rows and their columns: `records/replica_rows.py`.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from records.atomic_file import replace_file
from records.replica_rows import LIVE_NAME, TABLE_NAME, Row, by_time, parse_lines
from records.run_folder import NewerSchema, RunFolderError

__all__ = [
    "LIVE_NAME",
    "TABLE_NAME",
    "TABLE_SCHEMA",
    "VERSION_KEY",
    "read_replicas",
    "write_replica_table",
]

REPLICAS_VERSION = 1
VERSION_KEY = b"replicas_version"

TABLE_SCHEMA = pa.schema(
    [
        pa.field("at_unix_s", pa.float64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("revision", pa.string()),
        pa.field("desired", pa.int64()),
        pa.field("actual", pa.int64()),
        pa.field("mode", pa.string()),
        pa.field("activators", pa.int64()),
        pa.field("replicas", pa.int64()),
        pa.field("ready", pa.int64()),
        pa.field("available", pa.int64()),
        pa.field("is_ready", pa.bool_()),
        pa.field("pod", pa.string()),
        pa.field("phase", pa.string()),
        pa.field("said_unix_s", pa.float64()),
        pa.field("node", pa.string()),
        pa.field("resource", pa.string()),
        pa.field("from_unix_s", pa.float64()),
        pa.field("to_unix_s", pa.float64()),
        pa.field("reason", pa.string()),
        pa.field("on", pa.bool_()),
        pa.field("source", pa.string()),
        pa.field("name", pa.string()),
        pa.field("value", pa.float64()),
        pa.field("labels", pa.string()),
        pa.field("more", pa.string()),
    ],
    metadata={VERSION_KEY: str(REPLICAS_VERSION).encode()},
)
"""As stored: a revision's `ready` is a yes or no and stands in `is_ready`; `labels` and what has
no column of its own (`more`) are JSON."""


def read_replicas(folder: Path) -> list[Row]:
    """All rows of a run folder by time: of the Parquet file, else of the live one, else none.

    A torn line is skipped.

    Raises:
        NewerSchema: when a later version wrote the Parquet file.
        RunFolderError: when a file is damaged.
    """
    table = folder / TABLE_NAME
    if table.is_file():
        return by_time(_table_rows(table))
    live = folder / LIVE_NAME
    try:
        text = live.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunFolderError(f"{live} cannot be read: {error.strerror}") from None
    return by_time(parse_lines(text))


def write_replica_table(folder: Path) -> Path | None:
    """Make the Parquet file of the live one; None when there is no live file.

    Raises:
        RunFolderError: when the live file cannot be read.
        OSError: when it cannot be written; an earlier one stays as it was.
    """
    live = folder / LIVE_NAME
    if not live.is_file():
        return None
    rows = by_time(parse_lines(live.read_bytes()))
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pylist([_stored(row) for row in rows], schema=TABLE_SCHEMA)
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    replace_file(folder / TABLE_NAME, memoryview(sink.getvalue()))
    return folder / TABLE_NAME


def _stored(row: Mapping[str, Any]) -> Row:
    """A row in the columns of the table; what does not fit goes to `more`."""
    stored: Row = {}
    more: Row = {}
    for key, value in row.items():
        column = "is_ready" if key == "ready" and isinstance(value, bool) else key
        if column == "labels" and isinstance(value, Mapping):
            stored["labels"] = json.dumps(value)
        elif _fits(column, value):
            stored[column] = value
        else:
            more[key] = value
    return stored | {"more": json.dumps(more)} if more else stored


_FITTING: dict[pa.DataType, type | tuple[type, ...]] = {
    pa.float64(): (int, float),
    pa.int64(): int,
    pa.string(): str,
    pa.bool_(): bool,
}
_KEPT_AS_JSON = ("labels", "more")


def _fits(column: str, value: object) -> bool:
    if column in _KEPT_AS_JSON or column not in TABLE_SCHEMA.names:
        return False
    kind = TABLE_SCHEMA.field(column).type
    is_switch = isinstance(value, bool)
    return isinstance(value, _FITTING[kind]) and is_switch == (kind == pa.bool_())


def _table_rows(path: Path) -> Iterator[Row]:
    try:
        with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as file:
            _check_version(file.schema_arrow.metadata, path)
            table = file.read(use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise RunFolderError(f"{path} is damaged: {str(error).splitlines()[0]}") from None
    return map(_as_given, table.to_pylist())


def _check_version(metadata: Mapping[bytes, bytes] | None, path: Path) -> None:
    version = (metadata or {}).get(VERSION_KEY, b"")
    if not version.isdigit():
        raise RunFolderError(f"{path} has no version of its rows")
    if int(version) > REPLICAS_VERSION:
        raise NewerSchema(
            f"{path} has version {int(version)}; this program reads up to {REPLICAS_VERSION}"
        )


def _as_given(stored: Row) -> Row:
    """A row as it was in the live file, without its empty columns."""
    row = {key: value for key, value in stored.items() if value is not None}
    more = json.loads(row.pop("more", "{}"))
    if "is_ready" in row:
        row["ready"] = row.pop("is_ready")
    if "labels" in row:
        row["labels"] = json.loads(row["labels"])
    return {**row, **more}
