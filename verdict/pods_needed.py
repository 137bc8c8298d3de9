"""How many pods an offered load asks for, by the Service's own settings."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Settings = Mapping[str, Any]
_PREFIX = "autoscaling.knative.dev/"
_SMALLEST_TARGET = 0.01
_CONCURRENCY_DEFAULT, _RPS_DEFAULT, _PERCENTAGE_DEFAULT = 100.0, 200.0, 70.0


@dataclass(frozen=True)
class PodTarget:
    """What the autoscaler keeps each pod at.

    Attributes:
        metric: "concurrency" (calls at once) or "rps".
        value: So much of it for each pod, utilization taken into account.
        least, most: Bounds of the number of pods; `most` is +inf without one.
    """

    metric: str
    value: float
    least: float = 0.0
    most: float = math.inf

    def needed(self, rate_rps: NDArray[np.float64], call_s: float) -> NDArray[np.float64]:
        """Pods that a rate of calls of this length asks for, bounds aside."""
        load = rate_rps * call_s if self.metric == "concurrency" else rate_rps
        return np.ceil(load / self.value - 1e-9)

    def forecast(self, rate_rps: float, call_s: float) -> int:
        """Pods that a steady rate should settle at, inside the bounds."""
        needed = float(self.needed(np.array([rate_rps]), call_s)[0])
        return int(min(max(needed, self.least), self.most))


def pod_target(knative: Settings | None) -> PodTarget | None:
    """The target from a manifest's `knative`; None where it is not known or not Knative's own.

    Knative (1.15): the target is containerConcurrency, or the default of 100 where that is 0; the
    annotation `target` replaces it, but not beyond containerConcurrency. Times the utilization.
    """
    try:
        return _target(knative or {})
    except (TypeError, ValueError):
        return None


def _target(knative: Settings) -> PodTarget | None:
    service = knative.get("service")
    if not service:
        return None
    annotations: Settings = service.get("annotations") or {}
    config: Settings = (knative.get("config") or {}).get("config-autoscaler") or {}
    metric = annotations.get(f"{_PREFIX}metric", "concurrency")
    own_class = annotations.get(f"{_PREFIX}class", "kpa.autoscaling.knative.dev")
    if metric not in {"concurrency", "rps"} or not own_class.startswith("kpa."):
        return None
    total = _total(metric, float(service.get("container_concurrency") or 0), annotations, config)
    value = max(_SMALLEST_TARGET, total * _utilization(annotations, config))
    most = float(annotations.get(f"{_PREFIX}max-scale") or config.get("max-scale") or 0)
    least = float(annotations.get(f"{_PREFIX}min-scale") or config.get("min-scale") or 0)
    return PodTarget(metric, value, least, most or math.inf)


def _total(metric: str, limit: float, annotations: Settings, config: Settings) -> float:
    asked = annotations.get(f"{_PREFIX}target")
    if metric == "rps":
        return float(asked or config.get("requests-per-second-target-default") or _RPS_DEFAULT)
    default = config.get("container-concurrency-target-default") or _CONCURRENCY_DEFAULT
    total = float(asked or limit or default)
    return min(total, limit) if limit else total


def _utilization(annotations: Settings, config: Settings) -> float:
    """As a fraction: Knative reads values up to 1 as one already."""
    asked = annotations.get(f"{_PREFIX}target-utilization-percentage")
    default = config.get("container-concurrency-target-percentage") or _PERCENTAGE_DEFAULT
    percentage = float(str(asked or default).rstrip("%"))
    return percentage if percentage <= 1 else percentage / 100
