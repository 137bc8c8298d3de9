"""One simulated run in the figures of a forecast, by the rules that judge measured runs."""

import math
from argparse import Namespace
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.asked import Asked, read_asked
from simulator.pod_rows import replica_rows
from simulator.system.simulate import Simulated, simulate
from simulator.system.world import ANSWERED, NONE
from verdict.cold import YES, Calls, cold_affected
from verdict.replica_view import ReplicaView, view_of

Floats = NDArray[np.float64]
NAME = "forecast"


@dataclass(frozen=True)
class RunFigures:
    """Of one simulated run; NaN for what there is none of, +inf for what too many calls missed.

    Attributes:
        pods_mean, pods_least, pods_most: Ready pods in the measured part.
        pods_peak: Most ready pods of the whole run.
        p50_s, p99_s: Latency in the measured part; calls that failed count as +inf.
        slowdown: Mean of latency over service time there.
        slowdown_p99: The p99 over the service time.
        ok: Share of calls that were answered.
        cold: Share of calls that a missing pod held up.
        pod_seconds: Ready pods over time for each answered call.
        start_p99_s, start_cold: The same of the part before, the warm-up; NaN without one.
    """

    pods_mean: float
    pods_least: float
    pods_most: float
    pods_peak: float
    p50_s: float
    p99_s: float
    slowdown: float
    slowdown_p99: float
    ok: float
    cold: float
    pod_seconds: float
    start_p99_s: float
    start_cold: float


def modelled_run(values: Namespace, seed: int) -> RunFigures:
    """Simulate what the options of `python -m simulator run` ask for.

    Args:
        values: Of these options, parsed.
        seed: Of the arrivals, whatever the options have.

    Raises:
        SimulatorError, InvalidValue: where they do not go together.
    """
    asked = read_asked(Namespace(**{**vars(values), "seed": seed}), NAME, seed)
    return figures_of(asked, simulate(asked.inputs(), asked.system))


def figures_of(asked: Asked, simulated: Simulated) -> RunFigures:
    """The figures of what came of a simulation."""
    warm_up_s, end_s = asked.plan.warm_up_s, asked.plan.end_s
    calls = _calls(asked, simulated)
    view = view_of(replica_rows(simulated, 0.0), 0.0, ended=True)
    assert view is not None  # a pod or a decision is always there
    latency_s = np.where(calls.answered, calls.received_s - calls.intended_s, math.inf)
    is_cold = cold_affected(calls, view.scale_ups(end_s)) == YES
    kept = calls.intended_s >= warm_up_s
    lengths_s, pods = view.ready.cut(warm_up_s, end_s)
    answered = int(calls.answered[kept].sum())
    return RunFigures(
        pods_mean=float(lengths_s @ pods) / (end_s - warm_up_s),
        pods_least=float(pods.min()),
        pods_most=float(pods.max()),
        pods_peak=view.ready.largest(0.0, end_s),
        p50_s=_quantile(latency_s[kept], 0.5),
        p99_s=_quantile(latency_s[kept], 0.99),
        slowdown=_mean(latency_s[kept]) / asked.spin_s,
        slowdown_p99=_quantile(latency_s[kept], 0.99) / asked.spin_s,
        ok=_mean(calls.answered[kept]),
        cold=_mean(is_cold[kept]),
        pod_seconds=_pod_seconds(view, warm_up_s, end_s) / answered if answered else math.inf,
        start_p99_s=_quantile(latency_s[~kept], 0.99),
        start_cold=_mean(is_cold[~kept]),
    )


def _calls(asked: Asked, simulated: Simulated) -> Calls:
    """As a run's records have them."""
    half_s = asked.network_s / 2
    intended_s = simulated.due_s - half_s
    ready_s = np.append(simulated.ready_s, math.nan)  # the last one, -1, is no pod
    assert NONE == -1
    return Calls(
        intended_s=intended_s,
        sent_s=intended_s,
        received_s=simulated.end_s + half_s,
        answered=simulated.status == ANSWERED,
        with_worker_s=simulated.end_s - simulated.start_s,
        pod_ready_s=ready_s[simulated.pod],
    )


def _pod_seconds(view: ReplicaView, from_s: float, to_s: float) -> float:
    return view.ready.area(from_s, to_s)


def _mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> float:
    return float(np.mean(values)) if len(values) else math.nan


def _quantile(values_s: Floats, share: float) -> float:
    """The least value that this share of the calls does not exceed."""
    if not len(values_s):
        return math.nan
    return float(np.quantile(values_s, share, method="inverted_cdf"))
