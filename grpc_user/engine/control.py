"""Messages between the two processes that are not rows: JSON, one a line."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

SPEC, PLAN, DRAIN, END, PROBLEMS = "spec", "plan", "drain", "end", "problems"
"""What a message is: the spec; the next version of the plan; wait, then cut off; go; (from the
engine) it is ready, or why not."""


def encoded(kind: str, **content: Any) -> bytes:
    """One message."""
    return json.dumps({"kind": kind, **content}).encode() + b"\n"


class MessageReader:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Mapping[str, Any]]:
        """The messages that are whole with these bytes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        return map(json.loads, lines)
