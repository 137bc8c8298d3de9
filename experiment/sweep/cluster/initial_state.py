"""The state in which every run of a sweep finds the Service; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiment.errors import ExperimentError
from experiment.knative.annotations import CLASS, HPA, MIN_SCALE, WINDOW
from shapes.quantities import parse_duration_s

ZERO, READY, NEW_REVISION = "zero", "ready", "new-revision"
VALID = "zero, N ready (as '2 ready'), new-revision"
MEMORY_BEYOND_WINDOW_S = 5.0
"""Of the 65 s that Knative's autoscaler remembers with a window of 60 s: a sample on the way, and
one of its 2-s steps (research: its windows are buckets of 1 s)."""
_PODS_READY = re.compile(r"([1-9]\d{0,3}) ready")
_OLD_MIN_SCALE = MIN_SCALE.replace("min-scale", "minScale")


class BadInitialState(ExperimentError):
    """An initial state that is none, or that an arm's settings never lead to."""


@dataclass(frozen=True)
class InitialState:
    """What must hold before a run's first call.

    Attributes:
        kind: ZERO: no pods. READY: so many pods ready, what the autoscaler remembers of earlier
            calls gone. NEW_REVISION: a revision that never had a call, ready.
        pods: For READY: how many.
    """

    kind: str
    pods: int = 0

    def __str__(self) -> str:
        return f"{self.pods} ready" if self.kind == READY else self.kind


@dataclass(frozen=True)
class Seen:
    """What the cluster says of the Service at one moment.

    Attributes:
        desired: Pods that the autoscaler wants; None where it does not know yet.
        ready: Pods of the latest revision that are ready.
        others: Pods that are there beside these, those on their way out left aside.
        quiet_s: Since the last call that the sweep knows of, or since it began to look.
        is_new: The latest revision never had a call of the sweep.
    """

    desired: int | None
    ready: int
    others: int
    quiet_s: float
    is_new: bool


def parse_initial_state(text: str) -> InitialState:
    """The state that a text names.

    Raises:
        BadInitialState: quoting it and what is valid.
    """
    if text in (ZERO, NEW_REVISION):
        return InitialState(text)
    match = _PODS_READY.fullmatch(text)
    if match is None:
        raise BadInitialState(f"there is no initial state {text!r}; valid: {VALID}")
    return InitialState(READY, int(match[1]))


def is_reached(state: InitialState, seen: Seen, memory_s: float) -> bool:
    """Whether it holds.

    Args:
        state: What must hold.
        seen: What is.
        memory_s: How long the autoscaler remembers calls.
    """
    if state.kind == ZERO:
        return seen.ready == 0 and seen.others == 0 and not seen.desired
    if seen.others or seen.ready == 0:
        return False
    if state.kind == NEW_REVISION:
        return seen.is_new
    is_forgotten = seen.is_new or seen.quiet_s >= memory_s
    return seen.ready == state.pods and seen.desired in (None, state.pods) and is_forgotten


def in_words(seen: Seen) -> str:
    """What is there, for one line of why it is not what was asked for."""
    wanted = "an unknown number" if seen.desired is None else str(seen.desired)
    return f"{seen.ready} ready, {seen.others} others, {wanted} wanted by the autoscaler"


def memory_s(annotations: Mapping[str, str], window_of_cluster: str) -> float:
    """How long the autoscaler of a revision remembers calls, seconds: its window and a little.

    Args:
        annotations: Of the revision's template.
        window_of_cluster: `stable-window` of Knative's configuration, as "60s".
    """
    return parse_duration_s(annotations.get(WINDOW) or window_of_cluster) + MEMORY_BEYOND_WINDOW_S


def check_possible(state: InitialState, template: Mapping[str, Any], arm: str) -> None:
    """Refuse a state that the settings of an arm never lead to.

    Args:
        state: What must hold before runs.
        template: Of the Service, with the arm's settings.
        arm: Its name.

    Raises:
        BadInitialState: naming the setting that is in the way.
    """
    least = least_pods(template)
    if state.kind == ZERO and least:
        raise BadInitialState(
            f"arm {arm!r}: its pods are never fewer than {least} (min-scale, class), so the "
            "initial state 'zero' is never reached; valid: N ready, new-revision"
        )
    if state.kind == READY and least != state.pods:
        raise BadInitialState(
            f"arm {arm!r}: min-scale is {least}, so {state} would not last; valid: "
            f'{MIN_SCALE}: "{state.pods}" among its annotations, or another initial state'
        )


def resting_state(template: Mapping[str, Any]) -> InitialState:
    """Where the autoscaler rests without load.

    Args:
        template: Of the Service.
    """
    least = least_pods(template)
    return InitialState(READY, least) if least else InitialState(ZERO)


def least_pods(template: Mapping[str, Any]) -> int:
    """Pods that stay without load: min-scale; of class hpa, which never goes to zero, one."""
    annotations = (template.get("metadata") or {}).get("annotations") or {}
    text = str(annotations.get(MIN_SCALE) or annotations.get(_OLD_MIN_SCALE) or "0")
    given = int(text) if text.isdecimal() else 0  # anything else Knative refuses
    return max(given, 1) if annotations.get(CLASS) == HPA else given
