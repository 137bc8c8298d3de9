"""How many pods a steady load settles at, on average and from time to time: by arithmetic."""

import math
from dataclasses import dataclass

from experiment.forecast.steady_load import SWINGS, SteadyLoad
from simulator.service import Service
from verdict.pods_needed import PodTarget, pod_target

_FAR = 6.0
"""Standard deviations beyond which nothing is expected."""


@dataclass(frozen=True)
class PodsExpected:
    """Pods of a steady load, the Service's bounds taken into account.

    Attributes:
        settled: For the mean load: load over target, rounded up.
        mean: Over time, as the average that the autoscaler looks at swings around that.
        low, high: Where it is 95 % of the time.
    """

    settled: int
    mean: float
    low: int
    high: int


def pods_expected(load: SteadyLoad, service: Service) -> PodsExpected:
    """What the stable window's average asks for; panic and delays to scale down aside."""
    target = pod_target(service.as_manifest())
    assert target is not None  # the simulator has no other class of autoscaler
    swing = SWINGS * load.stable_sd
    return PodsExpected(
        settled=_pods(load.mean, target),
        mean=_mean_pods(load, target),
        low=_pods(max(load.mean - swing, 0.0), target),
        high=_pods(load.mean + swing, target),
    )


def fixed_pods(pods: int) -> PodsExpected:
    """Without an autoscaler: the pods of the start."""
    return PodsExpected(pods, float(pods), pods, pods)


def _pods(load: float, target: PodTarget) -> int:
    needed = math.ceil(load / target.value - 1e-9)
    return int(min(max(needed, target.least), target.most))


def _mean_pods(load: SteadyLoad, target: PodTarget) -> float:
    """The sum over n of the chance that more than n pods are asked for."""
    if load.stable_sd == 0:
        return float(_pods(load.mean, target))
    far = _FAR * load.stable_sd
    first = _pods(max(load.mean - far, 0.0), target)
    last = _pods(load.mean + far, target)
    return first + sum(_chance_above(n * target.value, load) for n in range(first, last))


def _chance_above(value: float, load: SteadyLoad) -> float:
    """Of a normal average; it is one of many calls."""
    return math.erfc((value - load.mean) / load.stable_sd / math.sqrt(2)) / 2
