"""A run folder opened for reading, complete or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from records.arrow_schema import ARROW_SCHEMA
from records.completeness import Segment, missing_files, missing_rows, scan_segments
from records.counts import COUNT_COLUMNS, RunCounts
from records.manifest import Manifest, read_manifest
from records.run_folder import MANIFEST_NAME, NewerSchema, RunFolderError
from records.schema import COLUMNS
from records.summary_file import read_summary

BATCH_ROWS = 65_536


@dataclass(frozen=True)
class Run:
    """What is in a run folder.

    Attributes:
        folder: Absolute path.
        segments: Files of rows, by member, then number; unreadable ones have a `fault`.
        missing_rows: One sentence for each way in which rows are missing; empty when all are here.
        missing_files: One sentence for each file that a finished run has besides its rows.
    """

    folder: Path
    segments: Sequence[Segment]
    missing_rows: Sequence[str]
    missing_files: Sequence[str]

    @property
    def missing(self) -> list[str]:
        """All that a complete, finished run would have and this one has not."""
        return [*self.missing_rows, *self.missing_files]

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest.

        Raises:
            RunFolderError: when it is missing or damaged (`missing` says so too).
        """
        return read_manifest(self.folder)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The summary.

        Raises:
            RunFolderError: when it is missing or damaged.
        """
        return read_summary(self.folder)

    @property
    def rows(self) -> int:
        """Rows in the readable segments."""
        return sum(segment.rows for segment in self.segments)

    def batches(
        self, columns: Sequence[str] | None = None, rows: int = BATCH_ROWS
    ) -> Iterator[pa.RecordBatch]:
        """The rows in batches of at most `rows`, in memory of one segment.

        The order is by member, then as they were recorded, which is by completion: not by k.

        Raises:
            RunFolderError: for an unknown column, or a damaged segment.
        """
        schema = _schema_of(columns)
        for segment in self.segments:
            if segment.fault is None:
                yield from _segment_batches(segment.path, schema, rows)

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """All rows at once; see `batches`."""
        return pa.Table.from_batches(self.batches(columns), schema=_schema_of(columns))

    def counts(self) -> dict[str, int]:
        """Planned, sent, unsent, ok, failed, unfinished and more: see `RunCounts.to_dict`."""
        counts = RunCounts()
        for batch in self.batches(COUNT_COLUMNS):
            counts.add(batch)
        return counts.to_dict()


def open_run(path: Path) -> Run:
    """Open a run folder, complete or not.

    Raises:
        NewerSchema: when a later version wrote it.
        RunFolderError: when it is no run folder.
    """
    folder = path.resolve()
    if not folder.is_dir():
        raise RunFolderError(f"{path} is no run folder: there is no such folder")
    segments = scan_segments(folder)
    if not segments and not (folder / MANIFEST_NAME).is_file():
        raise RunFolderError(f"{path} is no run folder: no {MANIFEST_NAME}, no calls-*.parquet")
    _refuse_newer(folder)
    return Run(folder, segments, missing_rows(folder, segments), missing_files(folder))


def _refuse_newer(folder: Path) -> None:
    try:
        read_manifest(folder)
    except NewerSchema:
        raise
    except RunFolderError:
        return  # `missing` says it


def _schema_of(columns: Sequence[str] | None) -> pa.Schema:
    if columns is None:
        return ARROW_SCHEMA
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise RunFolderError(f"columns must be some of {', '.join(COLUMNS)}; not {unknown}")
    return pa.schema([ARROW_SCHEMA.field(name) for name in columns], ARROW_SCHEMA.metadata)


def _segment_batches(path: Path, schema: pa.Schema, rows: int) -> Iterator[pa.RecordBatch]:
    try:
        with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as segment:
            for batch in segment.iter_batches(rows, columns=schema.names, use_threads=False):
                yield pa.RecordBatch.from_arrays(
                    [batch.column(name) for name in schema.names], schema=schema
                )
    except (OSError, pa.ArrowException) as error:
        raise RunFolderError(f"{path} is damaged: {str(error).splitlines()[0]}") from None
