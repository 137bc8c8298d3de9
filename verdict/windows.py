"""A run over time in equal windows: bounded by making the windows wider.

Windows start at 1 s and double in width whenever a run outgrows 512 of them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from records.schema import CallRecord

MOST_WINDOWS = 512
COLUMNS = (
    "planned_sent",
    "waited",
    "waited_s",
    "not_ok",
    "sends",
    "sends_offset_s",
    "ends",
    "ends_offset_s",
    "served",
    "served_s",
    "cut",
    "cut_offset_s",
    "ok_ends",
)
"""By intended time: arrivals that were sent, how many of them ended, the sum of their latencies,
how many were not ok. By the time of the send, as `add_sent` saw it: sends and the sum of their
offsets from the window's start. By the time of the end: ends, their offsets, and (last) those that
were ok. By the time of the send,
as the records have it: calls that ended and the sum of their service latencies; calls cut off
(no end known) and offsets."""
_AT = {name: place for place, name in enumerate(COLUMNS)}
_PLANNED, _WAITED, _WAITED_S, _NOT_OK = (_AT[name] for name in COLUMNS[:4])
_SENDS, _ENDS, _OK_ENDS = _AT["sends"], _AT["ends"], _AT["ok_ends"]
_SERVED, _CUT = _AT["served"], _AT["cut"]
_OFFSETS = {"sends": "sends_offset_s", "ends": "ends_offset_s", "cut": "cut_offset_s"}


class Windows:
    """Sums a window; `width_s` is a power of two."""

    __slots__ = ("_limit_s", "rows", "width_s")

    def __init__(self) -> None:
        self.width_s = 1.0
        self.rows: list[list[float]] = []
        self._limit_s = 0.0

    def add_sent(self, sent_s: float) -> None:
        """Count a send."""
        row = self._row(sent_s)
        row[_SENDS] += 1
        row[_SENDS + 1] += sent_s % self.width_s

    def add(self, record: CallRecord) -> None:
        """Count the end of a call that was sent."""
        sent_s, received_s = record.sent_s, record.received_s
        if sent_s is None:
            return
        row = self._row(record.intended_s)
        row[_PLANNED] += 1
        row[_NOT_OK] += record.status != "ok"
        if received_s is None:
            row = self._row(sent_s)
            row[_CUT] += 1
            row[_CUT + 1] += sent_s % self.width_s
            return
        row[_WAITED] += 1
        row[_WAITED_S] += received_s - record.intended_s
        row = self._row(received_s)
        row[_ENDS] += 1
        row[_ENDS + 1] += received_s % self.width_s
        row[_OK_ENDS] += record.status == "ok"
        row = self._row(sent_s)
        row[_SERVED] += 1
        row[_SERVED + 1] += received_s - sent_s

    def add_sends(self, sent_s: NDArray[np.float64]) -> None:
        """Count many sends at once, each as `add_sent` does."""
        if len(sent_s):
            self._make_room(sent_s)
            self._add(sent_s, _SENDS, np.ones(len(sent_s)), sent_s % self.width_s)

    def add_many(
        self,
        intended_s: NDArray[np.float64],
        sent_s: NDArray[np.float64],
        received_s: NDArray[np.float64],
        is_ok: NDArray[np.bool_],
    ) -> None:
        """Count the ends of many calls that were sent, each as `add` does.

        Args:
            intended_s: When each was planned.
            sent_s: When each was sent.
            received_s: When each ended; NaN where it was cut off.
            is_ok: Whether it succeeded.
        """
        if not len(sent_s):
            return
        self._make_room(intended_s, sent_s, received_s[~np.isnan(received_s)])
        ended, ones = ~np.isnan(received_s), np.ones(len(sent_s))
        self._add(intended_s, _PLANNED, ones)
        self._add(intended_s, _NOT_OK, (~is_ok).astype(np.float64))
        cut_s = sent_s[~ended]
        self._add(cut_s, _CUT, ones[: len(cut_s)], cut_s % self.width_s)
        intended_s, sent_s, received_s = intended_s[ended], sent_s[ended], received_s[ended]
        ones = ones[: len(sent_s)]
        self._add(intended_s, _WAITED, ones, received_s - intended_s)
        self._add(received_s, _ENDS, ones, received_s % self.width_s)
        self._add(received_s, _OK_ENDS, is_ok[ended].astype(np.float64))
        self._add(sent_s, _SERVED, ones, received_s - sent_s)

    def _make_room(self, *times_s: NDArray[np.float64]) -> None:
        """The width changes with the latest time: it must be settled before any is placed."""
        latest_s = max((float(some.max()) for some in times_s if len(some)), default=0.0)
        self._row(latest_s)

    def _add(self, at_s: NDArray[np.float64], column: int, *amounts: NDArray[np.float64]) -> None:
        """Add each amount to its column, from this one on, of the window where its time falls."""
        if not len(at_s):
            return
        places = (np.maximum(at_s, 0.0) // self.width_s).astype(np.int64)
        first = int(places.min())
        places -= first
        for to_column, amount in enumerate(amounts, column):
            for place, added in enumerate(np.bincount(places, amount).tolist(), first):
                self.rows[place][to_column] += added

    def _row(self, at_s: float) -> list[float]:
        at_s = max(at_s, 0.0)
        if at_s >= self._limit_s:
            self._grow(at_s)
        return self.rows[int(at_s // self.width_s)]

    def _grow(self, at_s: float) -> None:
        while at_s >= MOST_WINDOWS * self.width_s:
            self.widen()
        missing = int(at_s // self.width_s) + 1 - len(self.rows)
        self.rows.extend([0.0] * len(COLUMNS) for _ in range(missing))
        self._limit_s = len(self.rows) * self.width_s

    def widen(self) -> None:
        """Join neighbours: half as many windows, twice as wide."""
        first, second = self.rows[0::2], self.rows[1::2]
        second += [[0.0] * len(COLUMNS)] * (len(first) - len(second))
        self.rows = [self._joined(left, right) for left, right in zip(first, second, strict=True)]
        self.width_s *= 2
        self._limit_s = len(self.rows) * self.width_s

    def _joined(self, left: list[float], right: list[float]) -> list[float]:
        joined = [a + b for a, b in zip(left, right, strict=True)]
        for count, offset in _OFFSETS.items():
            joined[_AT[offset]] += right[_AT[count]] * self.width_s
        return joined

    def merge(self, other: "Windows") -> None:
        """Add another member's windows, at the wider of the two widths."""
        other = other.copy()
        while self.width_s < other.width_s:
            self.widen()
        while other.width_s < self.width_s:
            other.widen()
        missing = len(other.rows) - len(self.rows)
        self.rows.extend([0.0] * len(COLUMNS) for _ in range(missing))
        for mine, theirs in zip(self.rows, other.rows, strict=False):
            mine[:] = [a + b for a, b in zip(mine, theirs, strict=True)]
        self._limit_s = len(self.rows) * self.width_s

    def copy(self) -> "Windows":
        """An independent copy."""
        return Windows.from_dict(self.to_dict())

    def column(self, name: str) -> NDArray[np.float64]:
        """One of `COLUMNS` over all windows."""
        return np.array([row[_AT[name]] for row in self.rows], dtype=np.float64)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a message."""
        return {"width_s": self.width_s, "rows": [list(row) for row in self.rows]}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Windows":
        """The windows that `to_dict` described."""
        windows = cls()
        windows.width_s = float(values["width_s"])
        windows.rows = [list(row) for row in values["rows"]]
        windows._limit_s = len(windows.rows) * windows.width_s
        return windows
