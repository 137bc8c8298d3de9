"""`ledger.jsonl`: what happened in a sweep, one JSON object a line, only ever added to.

Every line has `at_unix_s` and `event`; one about a run has `run_id`, and `attempt` (from 1) where
it is about one attempt at it. Lines are on the disk before what follows is done, so that after a
crash the ledger knows at least of what was begun. A line that a crash tore is left out.

| event | further columns |
| --- | --- |
| started, resumed | pid, host, version of what ran |
| arm-applied | arm, before, patch; arm-restored when it was undone |
| waited | for, seconds, reached |
| calibrated | file |
| run-started | attempt, pid, pid_started, folder |
| run-finished | attempt, exit_code, level, overload_class, adopted (its sweep was killed) |
| run-failed | attempt, reason |
| run-interrupted | attempt, reason: the sweep was stopped or killed meanwhile |
| run-given-up, run-skipped | reason |
| stopped | reason; the sweep can be resumed |
| finished | runs, given_up, skipped |
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LEDGER_NAME = "ledger.jsonl"

STARTED, RESUMED, STOPPED, FINISHED = "started", "resumed", "stopped", "finished"
ARM_APPLIED, ARM_RESTORED, WAITED = "arm-applied", "arm-restored", "waited"
CALIBRATED = "calibrated"
RUN_STARTED, RUN_FINISHED, RUN_FAILED = "run-started", "run-finished", "run-failed"
RUN_INTERRUPTED, RUN_GIVEN_UP, RUN_SKIPPED = "run-interrupted", "run-given-up", "run-skipped"

_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class LedgerEntry:
    """One line.

    Attributes:
        at_unix_s: When it was written, seconds since 1970.
        event: What happened.
        run_id: The run that it is about, if any.
        fields: All else that the line says.
    """

    at_unix_s: float
    event: str
    run_id: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def attempt(self) -> int:
        """Which attempt at the run, from 1."""
        return int(self.fields.get("attempt", 1))


class Ledger:
    """Adds lines to a sweep's ledger, each on the disk when `note` returns.

    Args:
        folder: Of the sweep.
        now_unix_s: The clock.

    Raises:
        OSError: when the file cannot be opened.
    """

    def __init__(self, folder: Path, now_unix_s: Callable[[], float] = time.time) -> None:
        self._now_unix_s = now_unix_s
        self._descriptor = os.open(folder / LEDGER_NAME, _APPEND, 0o644)
        if not _ends_whole(self._descriptor):
            _write(self._descriptor, b"\n")  # the last line was torn

    def note(self, event: str, run_id: str | None = None, **fields: Any) -> LedgerEntry:
        """Add a line.

        Raises:
            OSError: when it cannot be written; a part of it may be there, and is left out by
                readers.
        """
        entry = LedgerEntry(self._now_unix_s(), event, run_id, fields)
        about = {} if run_id is None else {"run_id": run_id}
        line = {"at_unix_s": entry.at_unix_s, "event": event, **about, **fields}
        _write(self._descriptor, json.dumps(line, separators=(",", ":")).encode() + b"\n")
        os.fsync(self._descriptor)
        return entry

    def close(self) -> None:
        """Add no more."""
        os.close(self._descriptor)


def read_ledger(folder: Path) -> tuple[LedgerEntry, ...]:
    """All whole lines, in the order in which they were written; none where there is no ledger.

    Raises:
        OSError: when it cannot be read.
    """
    try:
        text = (folder / LEDGER_NAME).read_bytes()
    except FileNotFoundError:
        return ()
    return tuple(_entries(text))


def _entries(text: bytes) -> Iterator[LedgerEntry]:
    for line in text.splitlines():
        try:
            value = json.loads(line)
            at_unix_s, event = float(value.pop("at_unix_s")), str(value.pop("event"))
        except (ValueError, KeyError, AttributeError, TypeError):
            continue
        yield LedgerEntry(at_unix_s, event, value.pop("run_id", None), value)


def _ends_whole(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
