"""From objects to rows: each kind of object by a reader that tells only what has changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from experiment.knative.names import REVISION_LABEL
from experiment.knative.service import ready_condition
from experiment.kube import Json
from experiment.observer.pod_phases import PodState, step
from experiment.resources import (
    DEPLOYMENTS,
    POD_AUTOSCALERS,
    PODS,
    REVISIONS,
    SERVERLESS_SERVICES,
    Resource,
)
from records.replica_rows import Row


class Reader(Protocol):
    """Rows of one kind of object; it remembers what it has told."""

    def names(self) -> list[str]:
        """Objects that are there."""

    def seen(self, thing: Json, at_unix_s: float) -> list[Row]:
        """An object is there, as it is now."""

    def gone(self, name: str, at_unix_s: float) -> list[Row]:
        """An object is no longer there."""


@dataclass(frozen=True)
class Watched:
    """A kind of object that is watched.

    Attributes:
        resource: What it is.
        reader: Makes a reader that has told nothing yet.
    """

    resource: Resource
    reader: Callable[[], Reader]


class ChangeReader:
    """Rows of objects that are a few values each.

    Args:
        kind: Of the rows.
        values: Takes them from an object.
        at_end: Values when the object is gone; None where that says nothing.
    """

    def __init__(self, kind: str, values: Callable[[Json], Row], at_end: Row | None) -> None:
        self._kind = kind
        self._values = values
        self._at_end = at_end
        self._there: set[str] = set()
        self._told: dict[str, tuple[str, Row]] = {}

    def names(self) -> list[str]:
        """See `Reader`."""
        return list(self._there)

    def seen(self, thing: Json, at_unix_s: float) -> list[Row]:
        """See `Reader`."""
        name, revision, values = _name(thing), revision_of(thing), self._values(thing)
        self._there.add(name)
        return self._tell(name, revision, values, at_unix_s)

    def gone(self, name: str, at_unix_s: float) -> list[Row]:
        """See `Reader`."""
        self._there.discard(name)
        if self._at_end is None or name not in self._told:
            return []
        return self._tell(name, self._told[name][0], self._at_end, at_unix_s)

    def _tell(self, name: str, revision: str, values: Row, at_unix_s: float) -> list[Row]:
        if self._told.get(name) == (revision, values):
            return []
        self._told[name] = (revision, values)
        return [self._row(revision, values, at_unix_s)]

    def _row(self, revision: str, values: Row, at_unix_s: float) -> Row:
        return {"at_unix_s": at_unix_s, "kind": self._kind, "revision": revision, **values}


class PodReader:
    """Rows of pods: one for each phase that begins."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[str, str | None, PodState]] = {}

    def names(self) -> list[str]:
        """See `Reader`."""
        return list(self._told)

    def seen(self, thing: Json, at_unix_s: float) -> list[Row]:
        """See `Reader`."""
        name = _name(thing)
        node = thing.get("spec", {}).get("nodeName")
        before = self._told[name][2] if name in self._told else PodState()
        state, begun = step(before, thing)
        self._told[name] = (revision_of(thing), node, state)
        return [self._row(name, phase, said, at_unix_s) for phase, said in begun]

    def gone(self, name: str, at_unix_s: float) -> list[Row]:
        """See `Reader`."""
        if name not in self._told:
            return []
        row = self._row(name, "gone", None, at_unix_s)
        del self._told[name]
        return [row]

    def _row(self, name: str, phase: str, said_unix_s: float | None, at_unix_s: float) -> Row:
        revision, node, _ = self._told[name]
        return {
            "at_unix_s": at_unix_s,
            "kind": "pod",
            "revision": revision,
            "pod": name,
            "phase": phase,
            "said_unix_s": said_unix_s,
            "node": node,
        }


def _name(thing: Json) -> str:
    return str(thing["metadata"]["name"])


def revision_of(thing: Json) -> str:
    """The revision that an object belongs to, or is."""
    labels = thing["metadata"].get("labels") or {}
    return str(labels.get(REVISION_LABEL) or _name(thing))


def _scale(autoscaler: Json) -> Row:
    status = autoscaler.get("status", {})
    wanted = status.get("desiredScale")
    # -1 is Knative's word for "not known yet".
    desired = wanted if wanted is not None and wanted >= 0 else None
    return {"desired": desired, "actual": status.get("actualScale")}


def _mode(serverless_service: Json) -> Row:
    spec = serverless_service.get("spec", {})
    return {"mode": spec.get("mode"), "activators": spec.get("numActivators")}


def _deployment(deployment: Json) -> Row:
    status = deployment.get("status", {})
    return {
        "replicas": deployment.get("spec", {}).get("replicas", 0),
        "ready": status.get("readyReplicas", 0),
        "available": status.get("availableReplicas", 0),
    }


def _revision(revision: Json) -> Row:
    is_ready, reason = ready_condition(revision.get("status", {}))
    return {"ready": is_ready, "reason": reason}


WATCHED = (
    Watched(POD_AUTOSCALERS, lambda: ChangeReader("scale", _scale, {"desired": 0, "actual": 0})),
    Watched(SERVERLESS_SERVICES, lambda: ChangeReader("mode", _mode, None)),
    Watched(
        DEPLOYMENTS,
        lambda: ChangeReader(
            "deployment", _deployment, {"replicas": 0, "ready": 0, "available": 0}
        ),
    ),
    Watched(PODS, PodReader),
    Watched(
        REVISIONS,
        lambda: ChangeReader("revision", _revision, {"ready": False, "reason": "deleted"}),
    ),
)
