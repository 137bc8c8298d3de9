"""What the writer process says of its work: JSON lines, each with the totals so far."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass, replace

from records.descriptors import close_now

MOST_ERROR_CHARACTERS = 500  # a line below 4096 bytes goes into a pipe whole or not at all


@dataclass(frozen=True)
class WriterReport:
    """The state of the record as the writer last told it.

    Attributes:
        rows_written: Rows in finished segments.
        segments: Number of finished segments.
        error: The first thing that went wrong, one line; None when nothing did.
        ended: The writer has done all it will do.
    """

    rows_written: int = 0
    segments: int = 0
    error: str | None = None
    ended: bool = False


def send_report(descriptor: int, report: WriterReport) -> None:
    """Write one line; dropped when nobody reads, for the next one holds the totals again."""
    short = replace(report, error=report.error and report.error[:MOST_ERROR_CHARACTERS])
    with contextlib.suppress(OSError):
        os.write(descriptor, json.dumps(asdict(short)).encode() + b"\n")


class ReportReader:
    """The read end of the writer's reports; never blocks."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._held = b""
        self.latest = WriterReport()
        self.is_open = True

    def poll(self) -> WriterReport:
        """The latest report; after the writer's end, `is_open` is False."""
        while self.is_open:
            try:
                piece = os.read(self._descriptor, 1 << 16)
            except BlockingIOError:
                break
            if not piece:
                self.close()
            self._take(piece)
        return self.latest

    def close(self) -> None:
        """Close the descriptor."""
        if self.is_open:
            self.is_open = False
            close_now(self._descriptor)

    def _take(self, piece: bytes) -> None:
        *lines, self._held = (self._held + piece).split(b"\n")
        for line in lines:
            self.latest = WriterReport(**json.loads(line))
