"""Which calls were held because pods were missing: `cold_affected`.

A call is cold-affected when, for at least 50 ms, it was neither in the generator nor with a worker,
and this time

- began before the pod that answered it was ready, or
- overlapped a scale-up (pods wanted or begun, but not ready yet) for at least 50 ms.

It is not the first call on an instance: from zero, dozens wait for one pod, and a pod that was
started ahead answers its first call without delay. A call without a good answer names no pod and no
time with a worker: where it overlapped a scale-up, it is unknown whether that was what held it. So
it is for calls that were held while nobody could see the pods.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from records.reader import Run
from verdict.replica_view import ReplicaView
from verdict.steps import Floats, Interval, overlap_s

HELD_S = 0.05
NO, YES, UNKNOWN = 0, 1, -1
_COLUMNS = ("phase", "intended_s", "sent_s", "received_s", "status", "pod", "worker_wall_s")


@dataclass(frozen=True)
class Calls:
    """Sent calls as arrays of one length; times in seconds, NaN where not known.

    Attributes:
        intended_s, sent_s, received_s: From the epoch.
        answered: Which came back well.
        with_worker_s: How long the worker was at each.
        pod_ready_s: When the pod that answered was first ready; -inf for before the watch.
    """

    intended_s: Floats
    sent_s: Floats
    received_s: Floats
    answered: NDArray[np.bool_]
    with_worker_s: Floats
    pod_ready_s: Floats


def cold_affected(
    calls: Calls, scale_ups: Sequence[Interval], unseen: Sequence[Interval] = ()
) -> NDArray[np.int8]:
    """YES, NO or UNKNOWN for each call.

    Args:
        calls: Sent ones.
        scale_ups: When pods were missing; apart from each other, by time.
        unseen: When nobody could see the pods; likewise.
    """
    end_s = np.where(np.isnan(calls.received_s), np.inf, calls.received_s)
    begun_s = np.maximum(end_s - calls.with_worker_s, calls.sent_s)
    held = begun_s - calls.sent_s >= HELD_S
    in_scale_up = overlap_s(scale_ups, calls.sent_s, begun_s) >= HELD_S
    before_pod = calls.intended_s < calls.pod_ready_s
    yes = calls.answered & held & (before_pod | in_scale_up)
    unsplit = np.isnan(calls.with_worker_s)
    yes |= calls.answered & unsplit & before_pod
    unknown = _touched(scale_ups, calls.sent_s, end_s) & (unsplit | ~calls.answered)
    unknown |= _touched(unseen, calls.sent_s, end_s) & (unsplit | ~calls.answered | held)
    return np.where(yes, YES, np.where(unknown, UNKNOWN, NO)).astype(np.int8)


def _touched(intervals: Sequence[Interval], from_s: Floats, to_s: Floats) -> NDArray[np.bool_]:
    return overlap_s(intervals, from_s, to_s) >= HELD_S


def ready_of_pods(view: ReplicaView) -> Mapping[str, float]:
    """Pod to the moment it was first ready."""
    return {life.pod: life.ready_s for life in view.pods}


def count_cold(run: Run, view: ReplicaView, end_s: float, ideal_s: float | None) -> dict[str, Any]:
    """How many of the measured phase's sent calls were cold-affected, from the rows of a run.

    Args:
        run: The opened folder.
        view: What its observer saw.
        end_s: Of the run.
        ideal_s: An isolated call's time, for targets that tell no time of their own.

    Returns:
        `affected`, `unknown` and `sent`.
    """
    scale_ups = view.scale_ups(end_s)
    ready_s = ready_of_pods(view)
    counts = dict.fromkeys((NO, YES, UNKNOWN), 0)
    for batch in run.batches(_COLUMNS):
        rows = {name: batch.column(name) for name in _COLUMNS}
        measured = rows["phase"].to_numpy(zero_copy_only=False) == "measured"
        found = cold_affected(_calls(rows, measured, ready_s, ideal_s), scale_ups, view.gaps)
        for answer in counts:
            counts[answer] += int((found == answer).sum())
    return {"affected": counts[YES], "unknown": counts[UNKNOWN], "sent": sum(counts.values())}


def _calls(
    rows: Mapping[str, Any],
    measured: NDArray[np.bool_],
    ready_s: Mapping[str, float],
    ideal_s: float | None,
) -> Calls:
    sent_s = _floats(rows["sent_s"])
    kept = measured & ~np.isnan(sent_s)
    pods = rows["pod"].to_pylist()
    return Calls(
        intended_s=_floats(rows["intended_s"])[kept],
        sent_s=sent_s[kept],
        received_s=_floats(rows["received_s"])[kept],
        answered=rows["status"].to_numpy(zero_copy_only=False)[kept] == "ok",
        with_worker_s=with_worker_s(_floats(rows["worker_wall_s"])[kept], ideal_s),
        pod_ready_s=np.array([ready_s.get(pod, np.nan) for pod in pods])[kept],
    )


def with_worker_s(worker_wall_s: Floats, ideal_s: Any) -> Floats:
    """What the worker told of its time; an isolated call's time for targets that tell none."""
    told = ~np.isnan(worker_wall_s)
    assumed = np.nan if ideal_s is None else ideal_s
    return np.asarray(np.where(told, worker_wall_s, assumed), dtype=np.float64)


def _floats(column: Any) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
