"""Rows of runs that were read before, so that a growing sweep is read only where it grew."""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis.modelled import MODEL_NAME
from analysis.sweep.measured_run import MeasuredRun
from analysis.sweep.slowdown_counts import SlowdownCounts

CACHE_NAME = "runs-read.jsonl"
_ROOMS = ("analysis", "records", "verdict")
"""Whose sources decide what a row holds."""


class RowCache:
    """Rows by the state of their run's folder; appended as they are made.

    A cache that cannot be read or written costs time and nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / CACHE_NAME
        self._known = dict(_read(self._path))

    def get(self, key: str) -> MeasuredRun | None:
        """The row stored under a key."""
        return self._known.get(key)

    def put(self, key: str, run: MeasuredRun) -> None:
        """Store a row."""
        counts = {str(number): count for number, count in run.slowdowns.finite.items()}
        stored = {"row": run.row, "finite": counts, "infinite": run.slowdowns.infinite}
        line = json.dumps({"key": key, **stored})
        with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def key_of(folder: Path, asked: str) -> str:
    """Changes whenever a file of the run does, what is asked of its row, or this program."""
    files = [*folder.glob("*"), *(folder / MODEL_NAME).glob("*")]
    stamps = sorted(
        (str(path.relative_to(folder)), stat.st_size, stat.st_mtime_ns)
        for path in files
        if path.is_file() and (stat := path.stat())
    )
    return json.dumps([_sources(), folder.name, asked, stamps])


@cache
def _sources() -> str:
    """Rows of another version of this program are not trusted."""
    digest = sha256()
    for room in _ROOMS:
        for path in sorted((Path(__file__).parents[2] / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _read(path: Path) -> Iterator[tuple[str, MeasuredRun]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            yield _stored(json.loads(line))


def _stored(value: dict[str, Any]) -> tuple[str, MeasuredRun]:
    finite = {int(number): count for number, count in value["finite"].items()}
    return value["key"], MeasuredRun(value["row"], SlowdownCounts(finite, value["infinite"]))
