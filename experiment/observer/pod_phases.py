"""A pod's way from its creation to its end, in phases.

| phase | it has begun when | the API's stamp |
| --- | --- | --- |
| created | the pod is there | creationTimestamp |
| scheduled | condition PodScheduled is True | its transition |
| initialized | condition Initialized is True | its transition |
| started | all its containers run | the last one's start |
| ready | condition Ready is True | its transition |
| unready | it was ready and is not any more | that condition's transition |
| terminating | it is asked to end | the time of asking |
| gone | it is no longer there | none |
"""

from dataclasses import dataclass, field

from experiment.kube import Json
from experiment.observer.stamps import unix_s

Stamps = dict[str, float | None]
_CONDITIONS = {"scheduled": "PodScheduled", "initialized": "Initialized", "ready": "Ready"}
_AGAIN = frozenset({"started", "ready"})
"""Phases that may end, and begin again."""


@dataclass(frozen=True)
class PodState:
    """What has been told of a pod so far.

    Attributes:
        holding: Phases that hold now.
        past: Phases that were told at some time.
    """

    holding: frozenset[str] = field(default_factory=frozenset)
    past: frozenset[str] = field(default_factory=frozenset)


def step(state: PodState, pod: Json) -> tuple[PodState, list[tuple[str, float | None]]]:
    """The state after seeing a pod, and the phases that have begun since, in their order."""
    stamps = phases_of(pod)
    begun = [(phase, said) for phase, said in stamps.items() if _is_new(phase, state)]
    if "ready" in state.holding and "ready" not in stamps:
        begun.insert(_place_of_unready(begun), ("unready", _condition_stamp(pod, "Ready")))
    past = state.past | {phase for phase, _ in begun}
    return PodState(frozenset(stamps), past), begun


def _is_new(phase: str, state: PodState) -> bool:
    return phase not in (state.holding if phase in _AGAIN else state.past)


def _place_of_unready(begun: list[tuple[str, float | None]]) -> int:
    """Before "terminating", after all else."""
    return next((n for n, (phase, _) in enumerate(begun) if phase == "terminating"), len(begun))


def phases_of(pod: Json) -> Stamps:
    """The phases that hold, in their order, with the API's stamps."""
    metadata = pod.get("metadata", {})
    stamps: Stamps = {"created": unix_s(metadata.get("creationTimestamp"))}
    for phase in ("scheduled", "initialized"):
        if _holds(pod, _CONDITIONS[phase]):
            stamps[phase] = _condition_stamp(pod, _CONDITIONS[phase])
    starts = _container_starts(pod)
    if starts:
        stamps["started"] = max(starts)
    if _holds(pod, "Ready"):
        stamps["ready"] = _condition_stamp(pod, "Ready")
    if metadata.get("deletionTimestamp"):
        stamps["terminating"] = _asked_to_end(metadata)
    return stamps


def _condition(pod: Json, name: str) -> Json:
    conditions = pod.get("status", {}).get("conditions") or ()
    return next((one for one in conditions if one.get("type") == name), {})


def _holds(pod: Json, name: str) -> bool:
    return bool(_condition(pod, name).get("status") == "True")


def _condition_stamp(pod: Json, name: str) -> float | None:
    return unix_s(_condition(pod, name).get("lastTransitionTime"))


def _container_starts(pod: Json) -> list[float]:
    """When each container started; empty unless all of them run."""
    statuses = pod.get("status", {}).get("containerStatuses") or ()
    running = [(one.get("state") or {}).get("running") for one in statuses]
    starts = [unix_s(one.get("startedAt")) for one in running if one]
    known = [start for start in starts if start is not None]
    return known if len(known) == len(statuses) else []


def _asked_to_end(metadata: Json) -> float | None:
    """A deletion's stamp is when the grace period will be over."""
    over = unix_s(metadata.get("deletionTimestamp"))
    grace_s = float(metadata.get("deletionGracePeriodSeconds") or 0)
    return None if over is None else over - grace_s
