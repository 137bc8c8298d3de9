"""The writer's work: frames in, segments out, a report after each."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from records.reports import WriterReport
from records.rows import InvalidRow, Row, fitting_rows, rows_to_table
from records.segments import Ending, next_segment_number, write_table
from records.slot_frame import SlotFrame
from records.slot_table import frame_to_table

SEGMENT_ROWS = 50_000
SEGMENT_S = 10.0


class Recorder:
    """Gathers a member's rows and writes them as segments.

    Args:
        folder: The run folder.
        member: Whose rows they are.
        report: Called with the totals after each segment and at each error.
        segment_rows: A segment is written at this many rows.
    """

    def __init__(
        self,
        folder: Path,
        member: str,
        report: Callable[[WriterReport], None],
        segment_rows: int = SEGMENT_ROWS,
    ) -> None:
        self._folder = folder
        self._member = member
        self._report = report
        self._segment_rows = segment_rows
        self._next_n: int | None = None  # looked up at the first write: the folder may be gone
        self._rows: list[Row] = []
        self._tables: list[pa.Table] = []
        self._in_tables = 0
        self._rows_given: int | None = None
        self.state = WriterReport()

    def take(self, payload: list[Row] | tuple[Any, ...] | dict[str, Any]) -> None:
        """Take a frame's payload: rows, a `SlotFrame`, or the generator's last word."""
        if isinstance(payload, dict):
            self._rows_given = payload["rows_given"]
            return
        if isinstance(payload, tuple):
            self._take_table(frame_to_table(SlotFrame(*payload), self._member))
        else:
            self._rows += payload
        if self._pending >= self._segment_rows:
            self.write_pending()

    def _take_table(self, table: pa.Table) -> None:
        self._tables.append(table)
        self._in_tables += table.num_rows

    @property
    def _pending(self) -> int:
        return len(self._rows) + self._in_tables

    def write_pending(self) -> None:
        """Write the gathered rows as a segment, if there are any.

        Raises:
            OSError: when the file cannot be written.
        """
        if self._pending:
            self._write(None)

    def end(self) -> None:
        """Write the rest, and an empty segment that says how the record ended."""
        self.write_pending()
        closed = self._rows_given is not None
        self._write(Ending(closed, self._rows_given, self.state.rows_written))
        self._tell(ended=True)

    def fail(self, error: str) -> None:
        """Report that nothing more can be written."""
        self._tell(error=error, ended=True)

    def _write(self, ending: Ending | None) -> None:
        n = self._next_n
        if n is None:
            n = next_segment_number(self._folder, self._member)
        table = self._table()
        write_table(self._folder, self._member, n, table, ending)
        self._next_n = n + 1
        self._rows, self._tables, self._in_tables = [], [], 0
        rows_written = self.state.rows_written + table.num_rows
        self._tell(rows_written=rows_written, segments=self.state.segments + 1)

    def _table(self) -> pa.Table:
        """All that was gathered."""
        try:
            rows = rows_to_table(self._rows)
        except InvalidRow:
            self._keep_fitting()
            rows = rows_to_table(self._rows)
        return pa.concat_tables([rows, *self._tables])

    def _keep_fitting(self) -> None:
        self._rows, misfits = fitting_rows(self._rows)
        if misfits:
            self._tell(error=f"{len(misfits)} rows do not fit the schema, first: {misfits[0]}")

    def _tell(self, **changes: Any) -> None:
        if self.state.error:
            changes.pop("error", None)  # the first error is the cause of the others
        self.state = replace(self.state, **changes)
        self._report(self.state)
