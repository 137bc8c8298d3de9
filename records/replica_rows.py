"""A row of `replicas.jsonl`: what an observer saw of a Service while a run went on.

One JSON object a line, each flushed as it is written, so that a killed observer loses a torn last
line at most. Standard library only: a generator's page reads the live file.

Every row has `at_unix_s`, when the observer saw it, and `kind`:

| kind | further columns |
| --- | --- |
| scale | revision, desired, actual: what the autoscaler wants and counts (PodAutoscaler) |
| mode | revision, mode ("Proxy" with the activator in the path, "Serve"), activators |
| deployment | revision, replicas, ready, available |
| pod | revision, pod, phase (of POD_PHASES), said_unix_s (the API's own stamp), node |
| revision | revision, ready, reason |
| gap | resource, from_unix_s, to_unix_s, reason: the API could not be read |
| panic | revision, on, source |
| metric | name, value, labels |
| end | none: the observer was asked to stop, and nothing was seen from then on |

Rows of other kinds, and other columns, are kept in `replicas.jsonl` and in column `more`.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

LIVE_NAME = "replicas.jsonl"
TABLE_NAME = "replicas.parquet"

POD_PHASES = (
    "created",
    "scheduled",
    "initialized",
    "started",
    "ready",
    "unready",
    "terminating",
    "gone",
)
KINDS = ("scale", "mode", "deployment", "pod", "revision", "gap", "panic", "metric", "end")

END = "end"

Row = dict[str, Any]


def by_time(rows: Iterable[Row]) -> list[Row]:
    """Rows in the order in which they were seen; those of one moment as they were written."""
    return sorted(rows, key=lambda row: float(row["at_unix_s"]))


def parse_lines(text: bytes) -> Iterator[Row]:
    """The rows in lines of a live file; lines that are torn or no rows are skipped."""
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if _is_row(row):
            yield row


def _is_row(row: object) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("at_unix_s"), int | float)
        and isinstance(row.get("kind"), str)
    )
