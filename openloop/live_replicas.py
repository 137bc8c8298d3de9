"""The pods of the Service under load, as an observer writes them into the run's folder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from records.replica_rows import LIVE_NAME, Row, by_time, parse_lines
from verdict.replica_view import ReplicaView, view_of
from verdict.steps import Steps

PIECE_BYTES = 1 << 20
"""So much is read in one look: what serves the page may be what sends."""
NOT_SHOWN = "metric"
COLUMNS = ("pods_desired", "pods_ready", "pods_pending")
IN_PATH = "Proxy"
MODES = {IN_PATH: "in the path", "Serve": "out of the path"}
TAB_ROWS = 60


class ReplicaTail:
    """Follows the observer's file while it grows.

    Args:
        folder: The run's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LIVE_NAME
        self._read = 0
        self._rows: list[Row] = []
        self._view: ReplicaView | None = None
        self._made_for: tuple[int, float] = (0, 0.0)

    def view(self, started_unix_s: float) -> ReplicaView | None:
        """What was seen so far; None while nobody observes.

        Args:
            started_unix_s: The run's epoch.
        """
        self._take_lines()
        now = (len(self._rows), started_unix_s)
        if now != self._made_for:
            self._view = view_of(by_time(self._rows), started_unix_s, ended=True)
            self._made_for = now
        return self._view

    def _take_lines(self) -> None:
        """Rows that are new; a last line that is not whole yet is left for the next time."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read)
                piece = file.read(PIECE_BYTES)
        except OSError:
            return
        whole = piece[: piece.rfind(b"\n") + 1]
        self._read += len(whole)
        self._rows += [row for row in parse_lines(whole) if row["kind"] != NOT_SHOWN]


def pods_at(view: ReplicaView | None, ends_s: Sequence[float]) -> list[list[int | None]]:
    """`COLUMNS` at each time; None where they are not known."""
    times_s = np.array(ends_s, dtype=np.float64)
    columns = [_values(steps, times_s) for steps in _series(view)]
    return [list(values) for values in zip(*columns, strict=True)]


def _series(view: ReplicaView | None) -> tuple[Steps | None, Steps | None, Steps | None]:
    return (None, None, None) if view is None else (view.desired, view.ready, view.pending)


def _values(steps: Steps | None, times_s: Any) -> list[int | None]:
    if steps is None:
        return [None] * len(times_s)
    return [None if np.isnan(value) else int(value) for value in steps.at(times_s)]


def activator_spans(view: ReplicaView | None, now_s: float) -> list[tuple[float, float]]:
    """Intervals up to now with the activator in the path."""
    modes = [] if view is None else list(view.modes)
    ends = [*(at_s for at_s, _ in modes[1:]), max(now_s, modes[-1][0] if modes else 0.0)]
    return [
        (at_s, end_s)
        for (at_s, mode), end_s in zip(modes, ends, strict=False)
        if mode == IN_PATH and end_s > at_s
    ]


def tab_rows(view: ReplicaView, now_s: float, now: str) -> list[dict[str, str]]:
    """The seconds in which something changed, the newest first; above them, `now`."""
    changed = sorted({second for second in _seconds_of_change(view) if second <= now_s})
    shown = [now_s, *reversed(changed[-TAB_ROWS:])]
    names = [now, *(f"{at_s:.0f} s" for at_s in shown[1:])]
    return [
        {"at": name, **_said(pods), "mode": MODES.get(_mode_at(view, at_s), "-")}
        for name, at_s, pods in zip(names, shown, pods_at(view, shown), strict=True)
    ]


def _seconds_of_change(view: ReplicaView) -> list[float]:
    series = [steps for steps in _series(view) if steps is not None]
    moments = [*(at_s for at_s, _ in view.modes), *(at for steps in series for at in steps.at_s)]
    return [float(math.ceil(at_s)) for at_s in moments]  # no -0.0


def _said(pods: Sequence[int | None]) -> dict[str, str]:
    names = (column.removeprefix("pods_") for column in COLUMNS)
    return {
        name: "-" if value is None else str(value) for name, value in zip(names, pods, strict=True)
    }


def _mode_at(view: ReplicaView, at_s: float) -> str:
    return next((mode for since_s, mode in reversed(view.modes) if since_s <= at_s), "")


def how_to_observe(folder: Path) -> str:
    """What to start so that this run's pods are seen."""
    return (
        "Nobody observes the pods. Beside the run: "
        f"python -m experiment observe --ksvc NAMESPACE/SERVICE --follow {folder.parent}"
    )
