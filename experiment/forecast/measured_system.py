"""What a measured run knows of the system under it: pods at its start, their starts, cores, way."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiment.knative.snapshot import cores_of
from records.calibration import calibration_from
from records.reader import Run
from verdict.pod_lives import PodLife
from verdict.pods_seen import view_of_run
from verdict.replica_view import ReplicaView
from verdict.wording import say_many, say_number, say_time

FEWEST_ALONE = 10
"""Calls that had the target for themselves, below which the way there is not known."""
DEFAULT_COLD_S = 2.0
_ALONE_COLUMNS = ("sent_s", "received_s", "status", "instance_seq", "worker_wall_s")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MeasuredSystem:
    """What the model takes from a run beside its arrivals and the Service's settings.

    Attributes:
        pods: Ready when the arrivals began.
        is_proxied: Whether the activator was in the path then; None where nobody saw it.
        cold_s: Starts of pods, as they were seen, sorted; never empty.
        cores: Of the nodes that the pods were on; +inf where it is not known.
        limit_cores: What each pod may use of them; +inf without a CPU limit.
        network_s: Round trip of a call that had the target for itself, the worker's time apart.
        said: A sentence on where each is from.
    """

    pods: int
    is_proxied: bool | None
    cold_s: Sequence[float]
    cores: float
    limit_cores: float
    network_s: float
    said: Sequence[str]


def system_of(run: Run, least_pods: int, spin_s: float) -> MeasuredSystem:
    """What the run's files say; what they do not is assumed, and said to be.

    Args:
        run: A measured run.
        least_pods: The Service's min-scale, for where nobody watched the pods.
        spin_s: What its calls ask for.

    Raises:
        RunFolderError: when a file of it is damaged.
    """
    view = view_of_run(run)
    pods, pods_said = _pods_at_start(view, least_pods)
    cold_s, cold_said = _cold_starts(view)
    cores, cores_said = _cores(run.manifest.knative or {}, view)
    limit_cores = _limit_cores(run.manifest.knative or {})
    limit_said = () if limit_cores == math.inf else (f"CPU limit {say_number(limit_cores)} a pod",)
    network_s, network_said = _network(run, spin_s)
    return MeasuredSystem(
        pods=pods,
        is_proxied=_proxied_at_start(view),
        cold_s=cold_s,
        cores=cores,
        limit_cores=limit_cores,
        network_s=network_s,
        said=(pods_said, cold_said, cores_said, *limit_said, network_said),
    )


def _pods_at_start(view: ReplicaView | None, least_pods: int) -> tuple[int, str]:
    seen = math.nan if view is None else view.ready.at_one(max(0.0, view.watched_s[0]))
    if math.isnan(seen):
        assumed = max(1, least_pods)
        return assumed, f"{say_many(assumed, 'pod')} at the start: assumed, for nobody saw them"
    return int(seen), f"{say_many(int(seen), 'pod')} ready at the start, as seen"


def _proxied_at_start(view: ReplicaView | None) -> bool | None:
    if view is None or not view.modes:
        return None
    before = [mode for at_s, mode in view.modes if at_s <= 0.0]
    return (before or [view.modes[0][1]])[-1] == "Proxy"


def _cold_starts(view: ReplicaView | None) -> tuple[list[float], str]:
    seen = sorted(_starts_seen_s([] if view is None else view.pods))
    if not seen:
        assumed = say_time(DEFAULT_COLD_S)
        return [DEFAULT_COLD_S], f"cold starts of {assumed}: assumed, for none was seen"
    shortest, longest = say_time(seen[0]), say_time(seen[-1])
    span = shortest if shortest == longest else f"{shortest} to {longest}"
    return seen, f"{say_many(len(seen), 'cold start')} of {span}, as seen"


def _starts_seen_s(pods: Iterable[PodLife]) -> Iterator[float]:
    for life in pods:
        if life.watched and "ready" in life.seen_s:
            yield life.seen_s["ready"] - life.seen_s["created"]


def _cores(knative: Mapping[str, Any], view: ReplicaView | None) -> tuple[float, str]:
    """Cores of the nodes that pods were seen on; of the only node there is, without such a look."""
    nodes = knative.get("nodes") or {}
    known = {name: float(cores) for name, cores in nodes.items() if isinstance(cores, int | float)}
    used = {life.node for life in view.pods if life.node} if view else set()
    names = used or (set(known) if len(known) == 1 else set())
    if not names or not names <= set(known):
        return math.inf, "as many cores as the pods ask for: assumed, the nodes' are not known"
    cores = sum(known[name] for name in names)
    return cores, f"{say_number(cores)} cores on {say_many(len(names), 'node')}, taken as all ours"


def _limit_cores(knative: Mapping[str, Any]) -> float:
    """Of the container; the queue-proxy's is not the worker's."""
    resources = (knative.get("service") or {}).get("resources") or {}
    limit = (resources.get("limits") or {}).get("cpu")
    return math.inf if limit is None else cores_of(str(limit))


def _network(run: Run, spin_s: float) -> tuple[float, str]:
    if run.manifest.calibration:
        ideal_s = float(calibration_from(run.manifest.calibration).of(np.array([spin_s]))[0])
        way_s = max(ideal_s - spin_s, 0.0)
        return way_s, f"{say_time(way_s)} on the way there and back: the calibration, less the spin"
    return _network_of_lone_calls(run)


def _network_of_lone_calls(run: Run) -> tuple[float, str]:
    table = run.table(_ALONE_COLUMNS)
    columns = {name: table.column(name).to_numpy(zero_copy_only=False) for name in _ALONE_COLUMNS}
    way_s = times_on_the_way_s(**columns)
    if len(way_s) < FEWEST_ALONE:
        return 0.0, "no time on the network: assumed, too few calls had the target for themselves"
    median_s = float(np.median(way_s))
    calls = f"{say_many(len(way_s), 'call')} that had the target for themselves"
    return median_s, f"{say_time(median_s)} on the way there and back: the median of {calls}"


def times_on_the_way_s(
    sent_s: Floats,
    received_s: Floats,
    status: NDArray[Any],
    instance_seq: Floats,
    worker_wall_s: Floats,
) -> Floats:
    """Received - sent, without the worker's time, of the calls that nobody else was under way with.

    First calls on an instance are left out: they may have waited for it.
    """
    sent = np.flatnonzero(~np.isnan(np.asarray(sent_s, np.float64)))
    order = sent[np.argsort(sent_s[sent], kind="stable")]
    begin_s, end_s = sent_s[order], np.where(np.isnan(received_s), np.inf, received_s)[order]
    alone = np.ones(len(order), dtype=bool)
    alone[1:] &= np.maximum.accumulate(end_s)[:-1] <= begin_s[1:]
    alone[:-1] &= end_s[:-1] <= begin_s[1:]
    alone &= (status[order] == "ok") & (np.asarray(instance_seq, np.float64)[order] > 1)
    way_s = (received_s - sent_s - worker_wall_s)[order][alone]
    return np.asarray(way_s[way_s >= 0], np.float64)
