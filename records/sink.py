"""The generator's side of the record: rows go to a process beside, which writes the files.

A flush to disk then never delays a send, and rows survive the generator's death once they are in
the pipe. Nothing here blocks, starts a thread or knows gevent: the pipes are non-blocking, the
writer's reports are read whenever rows are flushed, and the two functions that wait
(`subprocess.Popen.wait`, `time.sleep`) are looked up when called, so under gevent's monkey patch
they are the cooperative ones.

In a container whose first process is the generator, kill -9 of it ends the writer too (the kernel
ends all): then up to one segment's time of rows is lost.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from records.fork_guard import abandon_after_fork
from records.frames import encode_frame, encode_rows
from records.outbox import PIPE_BYTES, Outbox
from records.reports import ReportReader, WriterReport
from records.run_folder import RunFolderError, check_name
from records.schema import CallRecord
from records.slot_frame import SlotFrame
from records.writer_start import StartedWriter, start_writer

SLICE_ROWS = 64  # about 0.1 ms of work a slice
CAPACITY_BYTES = 64 << 20  # about 400 000 rows
POLL_S = 0.002


class RecordingError(RunFolderError):
    """The record cannot be started; `str(error)` is one line."""


@dataclass(frozen=True)
class SinkReport:
    """What became of the rows.

    Attributes:
        rows_given: Rows handed to `append`.
        rows_written: Of those, rows in finished segments.
        segments: Number of finished segments.
        error: What went wrong, one line; None exactly when every row was written.
    """

    rows_given: int
    rows_written: int
    segments: int
    error: str | None


class RecordSink:
    """Takes rows from one thread (any of its greenlets) and never makes it wait.

    A row is safe from the generator's death after the flush of its slice: every `slice_rows` rows,
    or when the owner's timer calls `flush`. What a slow writer leaves in the pipe is kept in memory
    up to `capacity_bytes`; rows beyond are lost, counted, and said in `error`.
    """

    def __init__(
        self,
        writer: StartedWriter,
        slice_rows: int = SLICE_ROWS,
        capacity_bytes: int = CAPACITY_BYTES,
    ) -> None:
        self._process = writer.process
        self._outbox = Outbox(writer.rows_fd, capacity_bytes)
        self._reports = ReportReader(writer.reports_fd)
        self._slice_rows = slice_rows
        self._rows: list[CallRecord] = []
        self._rows_flushed = 0
        self._rows_dropped = 0
        self._own_error: str | None = None
        self._final: SinkReport | None = None
        abandon_after_fork(self)

    @classmethod
    def start(
        cls,
        folder: Path,
        member: str,
        *,
        python: str = sys.executable,
        slice_rows: int = SLICE_ROWS,
        capacity_bytes: int = CAPACITY_BYTES,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """Start the writer process for one member's rows in a run folder.

        Start it before gRPC channels exist: it forks.

        Args:
            folder: An existing run folder.
            member: Name of the member, safe as part of a file name.
            python: The interpreter that runs the writer.
            slice_rows: Rows that make one frame.
            capacity_bytes: Memory for frames that the pipe has no room for.
            environment: The writer's; this process's when None.

        Raises:
            InvalidRunId: for a member name that is not safe.
            RecordingError: when the folder is not there or the process cannot be started.
        """
        check_name(member, "member name")
        if not folder.is_dir():
            raise RecordingError(f"cannot record into {folder}: there is no such folder")
        try:
            writer = start_writer(python, folder, member, environment)
        except OSError as error:
            raise RecordingError(f"cannot start the writer of the records: {error}") from None
        return cls(writer, slice_rows, capacity_bytes)

    def append(self, record: CallRecord) -> None:
        """Take one row; never raises and never blocks."""
        self._rows.append(record)
        if len(self._rows) >= self._slice_rows:
            self.flush()

    def append_frames(self, frames: Iterable[SlotFrame]) -> None:
        """Take many rows at once and hand them over; never raises and never blocks.

        However many wait, they are taken: they come from memory that is given back for it.
        """
        for frame in frames:
            self._rows_flushed += frame.rows
            self._put(encode_frame(tuple(frame)), frame.rows, is_bounded=False)
            self._outbox.push()

    def lose(self, count: int, reason: str) -> None:
        """Note that rows will never come here; it is said in `error`.

        Args:
            count: How many.
            reason: What has become of them, in some words.
        """
        self._rows_flushed += count
        self._drop(count, reason)

    def push(self) -> None:
        """Hand over what waits until the pipe is full: up to 0.5 ms, when nothing is to be sent."""
        self._outbox.push(PIPE_BYTES)

    def flush(self) -> None:
        """Hand what was appended to the pipe, as far as it has room; call it now and then."""
        if self._rows:
            rows, self._rows = self._rows, []
            self._rows_flushed += len(rows)
            self._hand_over(rows)
        self._outbox.push()
        self._reports.poll()

    @property
    def error(self) -> str | None:
        """What went wrong so far, one line; None when nothing did."""
        if self._final:
            return self._final.error
        report = self._reports.poll()
        return report.error or self._death(report) or self._own_error

    @property
    def rows_given(self) -> int:
        """Rows appended so far."""
        return self._rows_flushed + len(self._rows)

    @property
    def given_bytes(self) -> int:
        """Bytes of all that was flushed so far."""
        return self._outbox.given_bytes

    @property
    def passed_bytes(self) -> int:
        """Of those, how many the pipe has taken; all of them when nobody reads any more."""
        return self._outbox.given_bytes - self._outbox.waiting_bytes

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the pipe had no room for yet."""
        return self._outbox.waiting_bytes

    @property
    def writer_pid(self) -> int:
        """Process id of the writer."""
        return self._process.pid

    def close(
        self, timeout_s: float, monotonic_s: Callable[[], float] = time.monotonic
    ) -> SinkReport:
        """Hand over the rest, wait for the writer's end, and say what became of the rows.

        When the writer is not done in time it is left at work: it holds rows that exist nowhere
        else. Closing again returns the same report.
        """
        if self._final is None:
            deadline_s = monotonic_s() + timeout_s
            self._drain(deadline_s, monotonic_s)
            self._outbox.put(encode_frame({"rows_given": self._rows_flushed}))
            self._drain(deadline_s, monotonic_s)
            self._outbox.close()
            self._await_end(deadline_s, monotonic_s)
            self._final = self._conclude()
            self._reports.close()
        return self._final

    def abandon(self) -> None:
        """Let go of the pipes without a word: what a forked child does with its parent's sink."""
        self._outbox.close()
        self._reports.close()
        self._rows = []
        self._final = SinkReport(0, 0, 0, "this record belongs to the parent process")

    def _hand_over(self, rows: list[CallRecord]) -> None:
        try:
            frame = encode_rows(rows)
        except ValueError:
            self._hand_over_singly(rows)
        else:
            self._put(frame, len(rows))

    def _hand_over_singly(self, rows: list[CallRecord]) -> None:
        """One value that cannot be encoded costs its own row, not the whole slice."""
        for row in rows:
            try:
                frame = encode_rows([row])
            except ValueError:
                self._drop(1, f"arrival {row[0]!r} has a value that is not plain")
            else:
                self._put(frame, 1)

    def _put(self, frame: bytes, rows: int, *, is_bounded: bool = True) -> None:
        if not self._outbox.put(frame, is_bounded=is_bounded):
            self._drop(rows, "the writer does not keep up, or is gone")

    def _drop(self, count: int, reason: str) -> None:
        self._rows_dropped += count
        self._own_error = f"{self._rows_dropped} rows were not recorded: {reason}"

    def _drain(self, deadline_s: float, monotonic_s: Callable[[], float]) -> None:
        self.flush()
        while self._outbox.waiting_bytes and monotonic_s() < deadline_s:
            time.sleep(POLL_S)
            self.flush()

    def _await_end(self, deadline_s: float, monotonic_s: Callable[[], float]) -> None:
        # Not one long wait: the writer's last reports must find room in the pipe.
        while self._reports.is_open and monotonic_s() < deadline_s:
            self._reports.poll()
            time.sleep(POLL_S)
        try:
            self._process.wait(max(deadline_s - monotonic_s(), POLL_S))
        except subprocess.TimeoutExpired:
            self._own_error = self._own_error or "the writer was not done in time; it is left at it"

    def _death(self, report: WriterReport) -> str | None:
        if self._reports.is_open or report.ended:
            return None
        code = self._process.poll()
        how = "" if code is None else f" (exit code {code})"
        return f"the writer process ended early{how}: its last rows are lost"

    def _conclude(self) -> SinkReport:
        report, error = self._reports.latest, self.error
        missing = self._rows_flushed - report.rows_written
        if missing and not error:
            error = f"{missing} of {self._rows_flushed} rows were not written"
        return SinkReport(self._rows_flushed, report.rows_written, report.segments, error)
