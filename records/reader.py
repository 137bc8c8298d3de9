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
from records.superseded import DECIDING_COLUMNS, Superseded, find_open

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
        """Rows in the readable segments, superseded ones (`records/superseded.py`) included."""
        return sum(segment.rows for segment in self.segments)

    def batches(
        self, columns: Sequence[str] | None = None, rows: int = BATCH_ROWS
    ) -> Iterator[pa.RecordBatch]:
        """The rows in batches of at most `rows`, in memory of one segment.

        The order is by member, then as they were recorded, which is by completion: not by k.
        Superseded rows are left out.

        Raises:
            RunFolderError: for an unknown column, or a damaged segment.
        """
        schema = _schema_of(columns)
        superseded = self._superseded()
        if superseded is None:
            yield from self._all_batches(schema, rows)
            return
        deciding = [name for name in DECIDING_COLUMNS if name not in schema.names]
        for batch in self._all_batches(_schema_of([*schema.names, *deciding]), rows):
            counting = superseded.rows_that_count(batch)
            if counting.num_rows:
                yield counting.select(schema.names)

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """All rows at once; see `batches`."""
        return pa.Table.from_batches(self.batches(columns), schema=_schema_of(columns))

    def counts(self) -> dict[str, int]:
        """Planned, sent, unsent, ok, failed, unfinished and more: see `RunCounts.to_dict`.

        Superseded rows are in none of them but in `superseded`, their own number.
        """
        counts = RunCounts()
        for batch in self.batches(COUNT_COLUMNS):
            counts.add(batch)
        found = counts.to_dict()
        return {**found, "superseded": self.rows - found["rows"]}

    @property
    def _readable(self) -> list[Path]:
        return [segment.path for segment in self.segments if segment.fault is None]

    def _all_batches(self, schema: pa.Schema, rows: int) -> Iterator[pa.RecordBatch]:
        for path in self._readable:
            yield from _segment_batches(path, schema, rows)

    def _superseded(self) -> Superseded | None:
        try:
            return find_open(self._readable)
        except (OSError, pa.ArrowException) as error:
            raise RunFolderError(f"{self.folder} is damaged: {_first_line(error)}") from None


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
        raise RunFolderError(f"{path} is damaged: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
