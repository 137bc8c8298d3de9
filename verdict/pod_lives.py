"""What became of each pod, from the rows of an observer."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

START_PHASES = ("created", "scheduled", "initialized", "started", "ready")
_LEAVING = ("terminating", "gone")
_SEEN_LATE_S = 2.0
"""The API's stamps are whole seconds: what was seen later than this came while nobody looked."""
_ONE_LOOK_S = 0.1
"""All that one look at a pod finds is seen within this."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class PodLife:
    """A pod's phases, in seconds from the epoch of the run.

    Attributes:
        pod, revision, node: As Kubernetes names them; "" where not known.
        seen_s: Phase to the moment the observer first saw it.
        said_s: Phase to the API's own stamp, whole seconds; phases without one are not in it.
        changes: All (moment, phase) in the order in which they were seen.
    """

    pod: str
    revision: str
    node: str
    seen_s: Mapping[str, float]
    said_s: Mapping[str, float]
    changes: Sequence[tuple[float, str]]

    @property
    def watched(self) -> bool:
        """Whether each phase was seen as it came, so that `seen_s` times its start."""
        if "created" not in self.seen_s:
            return False
        if self.said_s:
            return not any(self._seen_late(phase) for phase in self.said_s)
        return self.seen_s["created"] < self.seen_s.get("ready", math.inf)

    @property
    def start_s(self) -> Mapping[str, float]:
        """Times of its start: as seen where it was watched, else as the API said."""
        return self.seen_s if self.watched else self.said_s

    @property
    def ready_s(self) -> float:
        """When it was first ready; -inf when it was before anybody watched, +inf when never."""
        if "ready" not in self.seen_s:
            return -math.inf if self._was_leaving else math.inf
        if self.watched or (self._came_later and not self._seen_late("ready")):
            return self.seen_s["ready"]
        return self.said_s.get("ready", -math.inf)

    @property
    def left_s(self) -> float:
        """When it began to end; +inf when it never did."""
        return min((self.seen_s.get(phase, math.inf) for phase in _LEAVING), default=math.inf)

    @property
    def _was_leaving(self) -> bool:
        """Whether it was on its way out already when it was first seen."""
        return not self.watched and self.changes[0][0] + _ONE_LOOK_S >= self.left_s

    @property
    def _came_later(self) -> bool:
        """Whether it was seen not ready before it was seen ready."""
        return self.changes[0][0] + _ONE_LOOK_S < self.seen_s["ready"]

    def _seen_late(self, phase: str) -> bool:
        said_s = self.said_s.get(phase)
        return said_s is not None and self.seen_s[phase] - said_s > _SEEN_LATE_S


def pod_lives(rows: Iterable[Row], started_unix_s: float) -> list[PodLife]:
    """The pods in rows that are in order of time, in the order in which they were first seen."""
    by_pod: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["kind"] == "pod" and row.get("pod"):
            by_pod.setdefault((row.get("revision") or "", row["pod"]), []).append(row)
    return [_life(*key, own, started_unix_s) for key, own in by_pod.items()]


def _life(revision: str, pod: str, rows: Sequence[Row], started_unix_s: float) -> PodLife:
    changes = [(row["at_unix_s"] - started_unix_s, str(row.get("phase"))) for row in rows]
    seen_s: dict[str, float] = {}
    said_s: dict[str, float] = {}
    for (at_s, phase), row in zip(changes, rows, strict=True):
        seen_s.setdefault(phase, at_s)
        if row.get("said_unix_s") is not None:
            said_s.setdefault(phase, row["said_unix_s"] - started_unix_s)
    node = next((str(row["node"]) for row in rows if row.get("node")), "")
    return PodLife(pod, revision, node, seen_s, said_s, changes)


def standing(life: PodLife) -> list[tuple[float, str]]:
    """When the pod became "pending", "ready" or "out"; once terminating it stays out."""
    found: list[tuple[float, str]] = []
    for at_s, phase in life.changes:
        if found and found[-1][1] == "out":
            break
        found.append((at_s, _standing(phase, found[-1][1] if found else "pending")))
    return found


def _standing(phase: str, before: str) -> str:
    if phase in _LEAVING:
        return "out"
    if phase == "ready":
        return "ready"
    return "pending" if phase == "unready" else before
