"""From the pipe to the recorder: a thread empties the pipe while the disk is busy."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

from records.frames import FrameReader
from records.recorder import SEGMENT_S, Recorder
from records.reports import send_report

PIECE_BYTES = 1 << 18
MOST_PIECES = 128  # of at most PIECE_BYTES: bounds the memory when the disk is slow
END = b""


def write_until_end(
    folder: Path,
    member: str,
    rows_in: int,
    reports_out: int,
    monotonic_s: Callable[[], float] = time.monotonic,
) -> str | None:
    """Write all that comes until the end of the pipe; returns the error that ended it early.

    Args:
        folder: The run folder.
        member: Whose rows they are.
        rows_in: Descriptor to read frames from.
        reports_out: Descriptor to write reports to.
        monotonic_s: The clock that says when a segment is due.
    """
    os.set_blocking(reports_out, False)
    pieces: Queue[bytes] = Queue(MOST_PIECES)
    threading.Thread(target=_empty_pipe, args=(rows_in, pieces), daemon=True).start()
    recorder = Recorder(folder, member, lambda report: send_report(reports_out, report))
    try:
        _record(recorder, pieces, monotonic_s)
    except OSError as error:
        recorder.fail(f"cannot write records into {folder}: {error.strerror or error}")
    return recorder.state.error


def _empty_pipe(descriptor: int, pieces: Queue[bytes]) -> None:
    while piece := os.read(descriptor, PIECE_BYTES):
        pieces.put(piece)
    pieces.put(END)


def _record(recorder: Recorder, pieces: Queue[bytes], monotonic_s: Callable[[], float]) -> None:
    frames = FrameReader()
    due_s = monotonic_s() + SEGMENT_S
    for piece in _until_end(pieces):
        for payload in frames.feed(piece):
            recorder.take(payload)
        if monotonic_s() >= due_s:
            recorder.write_pending()
            due_s = monotonic_s() + SEGMENT_S
    recorder.end()


def _until_end(pieces: Queue[bytes]) -> Iterator[bytes]:
    """The pieces as they come, and an empty one for each second without."""
    while True:
        try:
            piece = pieces.get(timeout=1.0)
        except Empty:
            yield b""
            continue
        if piece == END:
            return
        yield piece
