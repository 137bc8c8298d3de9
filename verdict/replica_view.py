"""What an observer saw of a Service's pods, as functions of the run's time."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np

from records.replica_rows import END, TABLE_NAME
from verdict.pod_lives import PodLife, Row, pod_lives, standing
from verdict.steps import (
    Interval,
    Steps,
    clipped,
    intervals_where,
    joined,
    length_s,
    steps_of,
    total_of,
)

_DELETED = "deleted"
_CLOCKS_APART_S = 1.0
"""The generator's clock and the observer's may differ: so much early is no early end."""


@dataclass(frozen=True)
class ReplicaView:
    """The pods of all the Service's revisions together; times in seconds from the epoch.

    Attributes:
        watched_s: From when to when somebody watched: from the first look that found anything to
            the observer's end; where it did not say when that was, +inf if it ended in order, else
            its last row.
        gaps: Intervals in which the API could not be read: what was last seen is held in them.
        ready: Ready pods; a terminating one counts no more. Not known where nothing told of them.
        pending: Pods that exist, are not terminating and not ready; None where pods were not seen.
        desired: Pods the autoscaler wants; None where it was not seen.
        modes: Activator mode ("Proxy", "Serve") from each moment on; empty where not seen.
        panics: (moment, whether any revision panics), empty where nobody told of panic.
        pods: Each pod's life.
        not_ready: Revision to the reason why it was not ready when last heard of.
    """

    watched_s: Interval
    gaps: Sequence[Interval]
    ready: Steps
    pending: Steps | None
    desired: Steps | None
    modes: Sequence[tuple[float, str]]
    panics: Sequence[tuple[float, bool]]
    pods: Sequence[PodLife]
    not_ready: Mapping[str, str]

    def covers(self, from_s: float, to_s: float) -> bool:
        """Whether somebody watched all of [from, to), gaps aside."""
        return self.watched_s[0] <= from_s and to_s <= self.watched_s[1]

    def gap_s(self, from_s: float, to_s: float) -> float:
        """Seconds of [from, to) in which the API could not be read."""
        return length_s(clipped(self.gaps, from_s, to_s))

    def scale_ups(self, end_s: float) -> list[Interval]:
        """Intervals up to `end_s` in which pods that were wanted or begun were not ready."""
        last_s = min(end_s, self.watched_s[1])
        series = [part for part in (self.ready, self.pending, self.desired) if part is not None]
        times_s = np.unique(np.concatenate([part.at_s for part in series]))
        lacking = np.zeros(len(times_s), dtype=bool)
        # Comparisons with what is not known yet (NaN) are false: no scale-up is made up.
        if self.desired is not None:
            lacking |= self.desired.at(times_s) > self.ready.at(times_s)
        if self.pending is not None:
            lacking |= self.pending.at(times_s) > 0
        return intervals_where(times_s, lacking, last_s)

    def panicking(self, end_s: float) -> list[Interval]:
        """Intervals of panic up to `end_s`."""
        times_s = np.array([at_s for at_s, _ in self.panics])
        return intervals_where(times_s, np.array([on for _, on in self.panics], bool), end_s)


def view_of_folder(folder: Path, started_unix_s: float) -> ReplicaView | None:
    """What the observer of a run left in its folder; None when nobody watched.

    Raises:
        RunFolderError: when its file is damaged or of a later version.
    """
    from records.replicas import read_replicas  # noqa: PLC0415 - no pyarrow while a run sends

    rows = read_replicas(folder)
    return view_of(rows, started_unix_s, ended=(folder / TABLE_NAME).is_file())


def view_of(rows: Sequence[Row], started_unix_s: float, *, ended: bool) -> ReplicaView | None:
    """The view of an observer's rows.

    Args:
        rows: In order of time.
        started_unix_s: The run's epoch.
        ended: Whether the observer ended in order; else nothing is known after its last row.
    """
    if not rows:
        return None
    gaps = _gaps(rows, started_unix_s)
    from_s = _first_look_s(rows[0]["at_unix_s"] - started_unix_s, gaps)
    last_s = rows[-1]["at_unix_s"] - started_unix_s
    if rows[-1]["kind"] == END:
        ended, last_s = False, last_s + _CLOCKS_APART_S
    pods = pod_lives(rows, started_unix_s)
    ready, pending = _pod_counts(rows, pods, from_s, started_unix_s)
    return ReplicaView(
        watched_s=(from_s, math.inf if ended else last_s),
        gaps=gaps,
        ready=ready,
        pending=pending,
        desired=_total(rows, "scale", "desired", started_unix_s),
        modes=_modes(rows, started_unix_s),
        panics=_panics(rows, started_unix_s),
        pods=pods,
        not_ready=_not_ready(rows),
    )


def _first_look_s(first_row_s: float, gaps: Sequence[Interval]) -> float:
    """When the pods were first seen: after the gap where the watch began with one."""
    return max([first_row_s, *(to_s for from_s, to_s in gaps if from_s <= first_row_s)])


def _pod_counts(
    rows: Sequence[Row], pods: Sequence[PodLife], from_s: float, started_unix_s: float
) -> tuple[Steps, Steps | None]:
    """Ready and pending pods: from the pods; without any, from what sums them up, else unknown."""
    if pods:
        return _pods_that_are("ready", pods, from_s), _pods_that_are("pending", pods, from_s)
    ready = _total(rows, "deployment", "ready", started_unix_s)
    ready = ready or _total(rows, "scale", "actual", started_unix_s)
    return ready or steps_of([]), None


def _pods_that_are(state: str, pods: Sequence[PodLife], from_s: float) -> Steps:
    changes = [
        (at_s, f"{life.revision}/{life.pod}", float(now == state))
        for life in pods
        for at_s, now in standing(life)
    ]
    # By time alone: of a pod's changes at one moment the last one seen holds.
    return total_of([(from_s, "", 0.0), *sorted(changes, key=itemgetter(0))])


def _total(rows: Iterable[Row], kind: str, column: str, started_unix_s: float) -> Steps | None:
    """The sum over revisions; Knative says -1 where it does not know yet."""
    changes = [
        (row["at_unix_s"] - started_unix_s, str(row.get("revision")), float(row[column]))
        for row in rows
        if row["kind"] == kind and row.get(column) is not None and row[column] >= 0
    ]
    return total_of(changes) if changes else None


def _gaps(rows: Iterable[Row], started_unix_s: float) -> list[Interval]:
    return joined(
        (row["from_unix_s"] - started_unix_s, row["to_unix_s"] - started_unix_s)
        for row in rows
        if row["kind"] == "gap" and row.get("from_unix_s") is not None and row.get("to_unix_s")
    )


def _modes(rows: Sequence[Row], started_unix_s: float) -> list[tuple[float, str]]:
    """Of the revision that the run was about: those without traffic are in Proxy at all times."""
    revision = _main_revision(rows)
    return [
        (row["at_unix_s"] - started_unix_s, str(row["mode"]))
        for row in rows
        if row["kind"] == "mode" and row.get("mode") and row.get("revision") == revision
    ]


def _main_revision(rows: Iterable[Row]) -> object:
    """The revision with most to tell of its pods, else the one that changed its mode most."""
    told = Counter((row["kind"] == "pod", row.get("revision")) for row in rows if _tells(row))
    return max(told, key=lambda key: (key[0], told[key]), default=(False, None))[1]


def _tells(row: Row) -> bool:
    return row["kind"] in {"pod", "mode"}


def _panics(rows: Iterable[Row], started_unix_s: float) -> list[tuple[float, bool]]:
    held: dict[str, bool] = {}
    found = []
    for row in rows:
        if row["kind"] == "panic" and row.get("on") is not None:
            held[str(row.get("revision"))] = bool(row["on"])
            found.append((row["at_unix_s"] - started_unix_s, any(held.values())))
    return found


def _not_ready(rows: Iterable[Row]) -> dict[str, str]:
    last = {str(row.get("revision")): row for row in rows if row["kind"] == "revision"}
    return {
        revision: str(row.get("reason") or "no reason given")
        for revision, row in last.items()
        if row.get("ready") is False and row.get("reason") != _DELETED
    }
