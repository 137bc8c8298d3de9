"""One simulation, from what is drawn beforehand to what came of it."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.autoscaler.delay import DECISION_S
from simulator.autoscaler.state import first_state
from simulator.errors import TooManyPods
from simulator.system.loop import run
from simulator.system.new_world import new_world
from simulator.system.settings import SystemSettings
from simulator.system.world import (
    DECISION_COLUMNS,
    DECISIONS,
    EVENTS,
    MOST_MADE,
    NOW,
    PODS,
    Inputs,
    World,
)

Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]
_LONGEST_DRAIN_S = 3600.0


@dataclass(frozen=True)
class Simulated:
    """What came of a simulation; times in seconds from the epoch, NaN or inf where not reached.

    Attributes:
        due_s, work_s, start_s, end_s: Of each call: its arrival, what it needed, when a worker
            began and when it was settled.
        throttled_s: How long its pod stood still meanwhile; empty where pods have no CPU limit.
        status: What became of each call (`simulator.system.world`).
        pod, seq: The number of the pod that ran it, -1 for none, and its number on that pod.
        made_s, ready_s, leaving_s, gone_s: Of each pod.
        decisions: By name of a column (`DECISION_COLUMNS`), one value for each decision.
        events: How many events it took.
        end_of_run_s: When it was over.
    """

    due_s: Floats
    work_s: Floats
    start_s: Floats
    end_s: Floats
    throttled_s: Floats
    status: Wholes
    pod: Wholes
    seq: Wholes
    made_s: Floats
    ready_s: Floats
    leaving_s: Floats
    gone_s: Floats
    decisions: dict[str, Floats]
    events: int
    end_of_run_s: float


def simulate(inputs: Inputs, settings: SystemSettings) -> Simulated:
    """Let the calls of the inputs run through the system.

    Raises:
        TooManyPods: where the autoscaler made more pods than a simulation can hold.
    """
    world = new_world(inputs, settings, _most_decisions(settings))
    run(world, settings, first_state(settings.scaler, settings.first_pods))
    if world.counts[PODS] >= MOST_MADE:
        raise TooManyPods(
            f"{MOST_MADE} pods were made and more were wanted; valid: a steadier load, a lower"
            " max-scale, or a longer scale-down-delay"
        )
    return _outcome(world)


def _most_decisions(settings: SystemSettings) -> int:
    drain_s = min(settings.deadline_s, _LONGEST_DRAIN_S)
    return math.ceil((settings.duration_s + drain_s) / DECISION_S) + 100


def _outcome(world: World) -> Simulated:
    calls, pods, made = world.calls, world.pods, world.counts[PODS]
    rows = np.asarray(world.decisions).reshape(-1, len(DECISION_COLUMNS))
    rows = rows[: world.counts[DECISIONS]]
    return Simulated(
        due_s=_array(calls.due_s),
        work_s=_array(calls.work_s),
        start_s=_array(calls.start_s),
        end_s=_array(calls.end_s),
        throttled_s=_array(calls.throttled_s),
        status=np.asarray(calls.status, np.int64),
        pod=np.asarray(calls.pod, np.int64),
        seq=np.asarray(calls.seq, np.int64),
        made_s=_array(pods.made_s)[:made],
        ready_s=_array(pods.ready_s)[:made],
        leaving_s=_array(pods.leaving_s)[:made],
        gone_s=_array(pods.gone_s)[:made],
        decisions={name: rows[:, i] for i, name in enumerate(DECISION_COLUMNS)},
        events=int(world.counts[EVENTS]),
        end_of_run_s=float(world.times[NOW]),
    )


def _array(values: Any) -> Floats:
    return np.asarray(values, np.float64)
