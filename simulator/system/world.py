"""All that changes while a simulation runs, in sequences that compiled and plain code both change.

A value that changes is an entry of `times` (seconds) or `counts` (whole numbers), by its name.
"""

from collections.abc import Sequence
from typing import NamedTuple

from simulator.compiled import Floats, Wholes, floats, same_floats, same_wholes
from simulator.system.settings import ENDLESS, SystemSettings

NOW, WORKED, CALL_SECONDS, NEXT_TICK, NEXT_READY = range(5)
"""`times`: the moment; CPU time that each running call got so far, were it there from the start;
calls in the system, integrated over the second; the next report; the next pod that gets ready."""

(
    NEXT_CALL,
    OLDEST,
    IN_SYSTEM,
    RUNNING,
    HEAPED,
    WAITING,
    READY,
    REPLICAS,
    PODS,
    FIRST_FREE,
    TURN,
    PROXIED,
    ARRIVED,
    DECISIONS,
    EVENTS,
) = range(15)
"""`counts`: the next call to arrive; the oldest one that is not settled; calls that arrived and are
not settled; those that run; entries of the heap; calls at the activator; ready pods; pods that the
deployment is told to have; pods ever made; a slot before which none is free; the slot whose turn it
is; whether the activator is in the path; calls that arrived in this second; decisions; events."""

_COUNTS = 15

PLANNED, QUEUED, AT_WORK, ANSWERED, GIVEN_UP, REFUSED = range(6)
"""What becomes of a call."""

EMPTY, STARTING, STANDING, LEAVING = range(4)
"""What a slot holds: no pod, or one that starts, is ready, or ends what it has begun."""

NONE = -1
MOST_MADE = 50_000
"""Pods that one simulation can make."""


class Calls(NamedTuple):
    """By number of the call. Times in seconds from the epoch.

    Attributes:
        due_s: When it arrives.
        work_s: CPU time, or wall time, that it needs.
        coins: Two numbers from 0 to 1 for each, for choices that are drawn.
        start_s, end_s: When a worker began; when it was settled.
        status: What became of it.
        slot, pod: Where it runs: the slot, and the number of the pod.
        seq: Its number on that pod, from 1.
        after: The call behind it in its queue.
    """

    due_s: Floats
    work_s: Floats
    coins: Floats
    start_s: Floats
    end_s: Floats
    status: Wholes
    slot: Wholes
    pod: Wholes
    seq: Wholes
    after: Wholes


class Slots(NamedTuple):
    """By place for a pod; the last place in the queues is the activator's.

    Attributes:
        state: What it holds.
        number: Of the pod.
        ready_s: When the pod is ready.
        running: Calls that it works at.
        served: Calls that it was ever given.
        standing: The slots of the ready pods, the first `READY` of them.
        head, tail, length: The queue before it, by number of the call.
    """

    state: Wholes
    number: Wholes
    ready_s: Floats
    running: Wholes
    served: Wholes
    standing: Wholes
    head: Wholes
    tail: Wholes
    length: Wholes


class PodTable(NamedTuple):
    """By number of the pod: when it was made, got ready, was told to leave and was gone.

    Attributes:
        cold_s: How long each takes to get ready, given beforehand.
        made_s, ready_s, leaving_s, gone_s: Seconds from the epoch; inf where it did not happen.
    """

    cold_s: Floats
    made_s: Floats
    ready_s: Floats
    leaving_s: Floats
    gone_s: Floats


class World(NamedTuple):
    """Everything.

    Attributes:
        times, counts: By the names above.
        calls: The calls.
        slots: Where pods are.
        pods: Which pods there ever were.
        keys, items: A heap of running calls by the work at which they are done.
        decisions: Rows of `DECISION_COLUMNS` one after another.
    """

    times: Floats
    counts: Wholes
    calls: Calls
    slots: Slots
    pods: PodTable
    keys: Floats
    items: Wholes
    decisions: Floats


DECISION_COLUMNS = (
    "at_s",
    "wanted",
    "replicas",
    "ready",
    "is_proxied",
    "activators",
    "in_panic",
    "stable_value",
    "panic_value",
)


class Inputs(NamedTuple):
    """What is drawn before a simulation, so that it is a function of these alone.

    Attributes:
        due_s: When calls arrive, in order, seconds from the epoch.
        work_s: CPU time, or wall time, that each needs.
        coins: Two numbers from 0 to 1 for each.
        cold_s: How long pods take to get ready, in the order in which they are made; from the
            start again where there are more pods.
    """

    due_s: Sequence[float]
    work_s: Sequence[float]
    coins: Sequence[float]
    cold_s: Sequence[float]


def new_world(inputs: Inputs, settings: SystemSettings, most_decisions: int) -> World:
    """A world in which nothing happened yet, with room for so many decisions."""
    return World(
        times=floats([0.0, 0.0, 0.0, 1.0, ENDLESS]),
        counts=same_wholes(0, _COUNTS),
        calls=_new_calls(inputs),
        slots=_new_slots(settings.most_pods),
        pods=PodTable(
            cold_s=floats(inputs.cold_s),
            made_s=same_floats(ENDLESS, MOST_MADE),
            ready_s=same_floats(ENDLESS, MOST_MADE),
            leaving_s=same_floats(ENDLESS, MOST_MADE),
            gone_s=same_floats(ENDLESS, MOST_MADE),
        ),
        keys=same_floats(0.0, len(inputs.due_s) + 1),
        items=same_wholes(0, len(inputs.due_s) + 1),
        decisions=same_floats(0.0, len(DECISION_COLUMNS) * most_decisions),
    )


def _new_calls(inputs: Inputs) -> Calls:
    calls = len(inputs.due_s)
    return Calls(
        due_s=floats(inputs.due_s),
        work_s=floats(inputs.work_s),
        coins=floats(inputs.coins),
        start_s=same_floats(float("nan"), calls),
        end_s=same_floats(float("nan"), calls),
        status=same_wholes(PLANNED, calls),
        slot=same_wholes(NONE, calls),
        pod=same_wholes(NONE, calls),
        seq=same_wholes(0, calls),
        after=same_wholes(NONE, calls),
    )


def _new_slots(places: int) -> Slots:
    return Slots(
        state=same_wholes(EMPTY, places),
        number=same_wholes(NONE, places),
        ready_s=same_floats(ENDLESS, places),
        running=same_wholes(0, places),
        served=same_wholes(0, places),
        standing=same_wholes(0, places),
        head=same_wholes(NONE, places + 1),
        tail=same_wholes(NONE, places + 1),
        length=same_wholes(0, places + 1),
    )
