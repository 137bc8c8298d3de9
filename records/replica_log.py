"""The writer of `replicas.jsonl`: one line a row, each handed to the system at once."""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from records.replica_rows import LIVE_NAME, TABLE_NAME

_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


class ReplicaLog:
    """Appends rows to the live file of a run folder; for any number of threads.

    Rows after `close` are dropped: a watch that ends late does no harm.

    Raises:
        FileExistsError: when the folder's observation is complete already.
        OSError: when the file cannot be opened.
    """

    def __init__(self, folder: Path) -> None:
        if (folder / TABLE_NAME).exists():
            raise FileExistsError(f"{folder / TABLE_NAME} exists: this run has been observed")
        path = folder / LIVE_NAME
        self._lock = threading.Lock()
        self._descriptor: int | None = os.open(path, _APPEND, 0o644)
        self.rows = 0
        if not _ends_whole(path):
            os.write(self._descriptor, b"\n")  # an earlier observer was killed within a line

    def append(self, row: Mapping[str, Any]) -> None:
        """Write one row.

        Raises:
            OSError: when the disk is full.
        """
        line = (json.dumps(row, separators=(",", ":")) + "\n").encode()
        with self._lock:
            if self._descriptor is None:
                return
            self._write(line)
            self.rows += 1

    def close(self) -> None:
        """Write no more."""
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _write(self, line: bytes) -> None:
        assert self._descriptor is not None
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]


def _ends_whole(path: Path) -> bool:
    size = path.stat().st_size
    if size == 0:
        return True
    with path.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"
