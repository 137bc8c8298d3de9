"""All that changes while a simulation runs, in sequences that compiled and plain code both change.

A value that changes is an entry of `times` (seconds) or `counts` (whole numbers), by its name.
"""

from collections.abc import Sequence
from typing import NamedTuple

from simulator.compiled import Floats, Wholes

NOW, WORKED, CALL_SECONDS, NEXT_TICK, NEXT_READY, NEXT_PERIOD = range(6)
"""`times`: the moment; CPU time that each running call got so far, were it there from the start;
calls in the system, integrated over the second; the next report; the next pod that gets ready; the
end of the period of CPU limits."""

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
    TURN,
    PROXIED,
    ARRIVED,
    DECISIONS,
    EVENTS,
) = range(14)
"""`counts`: the next call to arrive; the oldest one that is not settled; calls that arrived and are
not settled; those that run; entries of the heap; calls at the activator; ready pods; pods that the
deployment is told to have; pods ever made; the ready pod whose turn it is at the ingress; whether
the activator is in the path; calls that arrived in this second; decisions; events."""

COUNTS = 14

PLANNED, QUEUED, AT_WORK, ANSWERED, GIVEN_UP, REFUSED = range(6)
"""What becomes of a call."""

EMPTY, STARTING, STANDING, LEAVING = range(4)
"""What a slot holds: no pod, or one that starts, is ready, or ends what it has begun."""

NONE = -1
COINS = 3
"""Numbers drawn for each call: two for where it goes to, one for its turn on a core."""
MOST_MADE = 50_000
"""Pods that one simulation can make."""


class Calls(NamedTuple):
    """By number of the call. Times in seconds from the epoch.

    Attributes:
        due_s: When it arrives.
        work_s: CPU time, or wall time, that it needs.
        coins: `COINS` numbers from 0 to 1 for each, for choices that are drawn.
        start_s, end_s: When a worker began; when it was settled.
        throttled_s: How long its pod stood still meanwhile, for want of quota.
        status: What became of it.
        slot, pod: Where it runs: the slot, and the number of the pod.
        seq: Its number on that pod, from 1.
        after: The call behind it in its queue, or of those that run in its pod.
        before: The call before it of those; only where pods have a quota.
        done_at: Where the pod's own work is when it is done; only where pods have a quota.
        is_late: Whether it waits for its core to say that its time is over; only with a quantum.
    """

    due_s: Floats
    work_s: Floats
    coins: Floats
    start_s: Floats
    end_s: Floats
    throttled_s: Floats
    status: Wholes
    slot: Wholes
    pod: Wholes
    seq: Wholes
    after: Wholes
    before: Wholes
    done_at: Floats
    is_late: Wholes


class Slots(NamedTuple):
    """By place for a pod; the last places in the queues are the activators'.

    Attributes:
        state: What it holds.
        number: Of the pod.
        ready_s: When the pod is ready.
        running: Calls that it works at.
        served: Calls that it was ever given.
        standing: The slots of the ready pods, the first `READY` of them.
        owner: Which share of the ready pods it is in, where activators share them out.
        head, tail, length: The queue before it, by number of the call.
    """

    state: Wholes
    number: Wholes
    ready_s: Floats
    running: Wholes
    served: Wholes
    standing: Wholes
    owner: Wholes
    head: Wholes
    tail: Wholes
    length: Wholes


class Activators(NamedTuple):
    """By number of the activator.

    Attributes:
        first_free: A slot before which none of its own has room.
        turn: The ready pod whose turn it was last.
    """

    first_free: Wholes
    turn: Wholes


class Quotas(NamedTuple):
    """By slot: where its pod stands in the period of its CPU limit; only where there is one.

    Work is counted as `WORKED` is: what a call would have got, were it there from the start.

    Attributes:
        first, last: The running calls, in the order in which they are done.
        running: How many those are.
        lost: Work that the pod missed while it stood still.
        used_s: CPU time that it used in this period, up to `counted_at`.
        counted_at: Where the work was then.
        done_at, halt_at: Where the work is when its next call is done, when its quota is used up;
            `ENDLESS` for never as things are.
        halted_at: Where the work was when it was stopped; `ENDLESS` while it goes on.
        halted_s: When that was.
        stood_s: How long it stood still before that, in all.
    """

    first: Wholes
    last: Wholes
    running: Wholes
    lost: Floats
    used_s: Floats
    counted_at: Floats
    done_at: Floats
    halt_at: Floats
    halted_at: Floats
    halted_s: Floats
    stood_s: Floats


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
        activators: Who hands calls to them.
        quotas: What CPU time they have left.
        pods: Which pods there ever were.
        keys, items: A heap of running calls by the work at which they are done.
        decisions: Rows of `DECISION_COLUMNS` one after another.
    """

    times: Floats
    counts: Wholes
    calls: Calls
    slots: Slots
    activators: Activators
    quotas: Quotas
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
        coins: `COINS` numbers from 0 to 1 for each.
        cold_s: How long pods take to get ready, in the order in which they are made; from the
            start again where there are more pods.
    """

    due_s: Sequence[float]
    work_s: Sequence[float]
    coins: Sequence[float]
    cold_s: Sequence[float]
