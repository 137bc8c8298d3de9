"""The block `replicas` of a summary: what an observer saw of the pods, in a few numbers."""

import math
from collections.abc import Mapping
from typing import Any

from records.manifest import Manifest
from records.reader import Run
from records.run_folder import RunFolderError
from shapes.plan import Plan
from verdict.cold import count_cold
from verdict.pods_needed import PodTarget, pod_target
from verdict.pods_wording import BLOCK
from verdict.replica_view import ReplicaView, view_of_folder
from verdict.wording import say_time

Summary = Mapping[str, Any]
_UNKNOWN = "neither pods nor their number could be read"


def view_of_run(run: Run) -> ReplicaView | None:
    """What an observer saw of a run's pods; None when nobody watched.

    Raises:
        RunFolderError: when its file is damaged or of a later version.
    """
    return view_of_folder(run.folder, run.manifest.started_unix_s)


def with_pods_seen(summary: Summary, run: Run, plan: Plan) -> dict[str, Any]:
    """The summary with its block `replicas`; a file that cannot be read is said instead."""
    try:
        view = view_of_run(run)
    except RunFolderError as error:
        context = {**summary["context"], "pods": f"not known: {error}"}
        return {**summary, BLOCK: None, "context": context}
    seen = None if view is None else pods_seen(summary, run, plan, view)
    return {**summary, BLOCK: seen}


def pods_seen(summary: Summary, run: Run, plan: Plan, view: ReplicaView) -> dict[str, Any]:
    """The block of a run that was watched, from the rest of its summary and its files."""
    from_s, to_s = summary["measured_s"]
    ideal_s = (summary["slowdown"] or {}).get("ideal_s")
    block = pods_over_run(view, to_s) | {"forecast": _forecast(run.manifest, plan, to_s, ideal_s)}
    why_not = not_watched(view, from_s, to_s)
    if why_not:
        return block | {"why_not": why_not, "pod_seconds": None, "per_success": None, "cold": None}
    pod_seconds = view.ready.area(from_s, to_s)
    ok = summary["counts"]["measured"]["ok"]
    return block | {
        "why_not": None,
        "pod_seconds": pod_seconds,
        "per_success": pod_seconds / ok if ok else None,
        "cold": count_cold(run, view, to_s, ideal_s),
    }


def pods_over_run(view: ReplicaView, end_s: float) -> dict[str, Any]:
    """Ready pods at the start, at the end and at most, as far as somebody watched."""
    first_s, last_s = max(0.0, view.watched_s[0]), min(end_s, view.watched_s[1])
    if last_s <= first_s:
        return {"start": None, "end": None, "most": None, "gap_s": 0.0}
    at_end = view.ready.cut(first_s, last_s)[1][-1]
    return {
        "start": _whole(view.ready.at_one(first_s)),
        "end": _whole(at_end),
        "most": _whole(view.ready.largest(first_s, last_s)),
        "gap_s": view.gap_s(first_s, last_s),
    }


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)


def not_watched(view: ReplicaView, from_s: float, to_s: float) -> str | None:
    """Why the pods of [from, to) are not all known; None when they are."""
    if view.covers(from_s, to_s):
        return _UNKNOWN if math.isnan(view.ready.area(from_s, to_s)) else None
    begin_s, last_s = view.watched_s
    if begin_s <= from_s:
        return f"watched only until {say_time(last_s)}"
    rest = "on" if last_s >= to_s else f"to {say_time(last_s)}"
    return f"watched only from {say_time(begin_s)} {rest}"


def _forecast(manifest: Manifest, plan: Plan, end_s: float, ideal_s: float | None) -> int | None:
    """Pods that the highest rate of the run should have settled at."""
    target = pod_target(manifest.knative)
    if target is None or not _call_is_known(target, ideal_s):
        return None
    return target.forecast(plan.rates.peak_rps(end_s), ideal_s or 0.0)


def _call_is_known(target: PodTarget, ideal_s: float | None) -> bool:
    return target.metric == "rps" or ideal_s is not None
