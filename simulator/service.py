"""A Knative Service as its owner describes it, and what the autoscaler makes of that."""

from dataclasses import dataclass
from typing import Any

from simulator.autoscaler.settings import ScalerSettings
from simulator.errors import InvalidSetting

KNATIVE = "1.22"
"""The release of Knative whose autoscaler is modelled."""
PREFIX = "autoscaling.knative.dev/"
_SMALLEST_TARGET = 0.01
_CALLS_AT_ONCE, _CALLS_A_SECOND = 100.0, 200.0
_SHORTEST_WINDOW_S, _LONGEST_WINDOW_S = 6, 3600
RPS = "rps"


@dataclass(frozen=True)
class Service:
    """Settings by the names of Knative's annotations; the defaults are Knative's.

    Attributes:
        container_concurrency: Calls that a pod takes at once; 0 for no limit.
        metric: "concurrency" or "rps".
        target: Of the metric for each pod; None for the limit, or Knative's default.
        target_utilization: Share of the target that pods are kept at.
        window_s: Of the stable average.
        panic_window: Share of it that the short average is over.
        panic_threshold: Panic begins at so many times the ready pods.
        min_scale, max_scale: Bounds; a `max_scale` of 0 is none.
        grace_s, retention_s: How long the last pod stays, see `ScalerSettings`.
    """

    container_concurrency: int = 0
    metric: str = "concurrency"
    target: float | None = None
    target_utilization: float = 0.7
    window_s: float = 60.0
    panic_window: float = 0.1
    panic_threshold: float = 2.0
    target_burst_capacity: float = 211.0
    min_scale: int = 0
    max_scale: int = 0
    initial_scale: int = 1
    activation_scale: int = 1
    scale_down_delay_s: float = 0.0
    retention_s: float = 0.0
    grace_s: float = 30.0
    scales_to_zero: bool = True
    aggregation: str = "linear"
    max_scale_up_rate: float = 1000.0
    max_scale_down_rate: float = 2.0

    def __post_init__(self) -> None:
        _check_window(self.window_s)
        if self.max_scale and self.min_scale > self.max_scale:
            raise InvalidSetting(
                f"min-scale is {self.min_scale} and max-scale {self.max_scale};"
                " valid: min-scale at most max-scale"
            )
        if self.panic_threshold <= 1:
            raise InvalidSetting(
                f"panic threshold is {self.panic_threshold:g}; valid: above 1 (100 %)"
            )

    @property
    def total(self) -> float:
        """What a pod can take of the metric: its target without the utilization."""
        limit = float(self.container_concurrency)
        if self.metric == RPS:
            return self.target or _CALLS_A_SECOND
        total = self.target or limit or _CALLS_AT_ONCE
        return min(total, limit) if limit else total

    def scaler_settings(self) -> ScalerSettings:
        """The same for the autoscaler."""
        return ScalerSettings(
            target_value=max(_SMALLEST_TARGET, self.total * self.target_utilization),
            total_value=self.total,
            target_burst_capacity=self.target_burst_capacity,
            max_scale_up_rate=self.max_scale_up_rate,
            max_scale_down_rate=self.max_scale_down_rate,
            panic_threshold=self.panic_threshold,
            stable_window_s=int(self.window_s),
            panic_window_s=max(1, round(self.window_s * self.panic_window)),
            scale_down_delay_s=self.scale_down_delay_s,
            is_weighted=self.aggregation != "linear",
            activation_scale=self.activation_scale,
            initial_scale=self.initial_scale,
            min_scale=self.min_scale,
            max_scale=self.max_scale,
            scales_to_zero=self.scales_to_zero,
            grace_s=self.grace_s,
            retention_s=self.retention_s,
        )

    def as_manifest(self) -> dict[str, Any]:
        """As a run's manifest has the settings of a real Service."""
        return {
            "service": {
                "name": "simulated",
                "container_concurrency": self.container_concurrency,
                "annotations": {f"{PREFIX}{key}": text for key, text in self._annotations()},
            },
            "config": {"config-autoscaler": self._defaults()},
            "versions": {"knative": f"{KNATIVE} (modelled)"},
        }

    def _annotations(self) -> list[tuple[str, str]]:
        target = [] if self.target is None else [("target", f"{self.target:g}")]
        return [
            ("metric", self.metric),
            *target,
            ("target-utilization-percentage", f"{100 * self.target_utilization:g}"),
            ("window", f"{self.window_s:g}s"),
            ("panic-window-percentage", f"{100 * self.panic_window:g}"),
            ("panic-threshold-percentage", f"{100 * self.panic_threshold:g}"),
            ("target-burst-capacity", f"{self.target_burst_capacity:g}"),
            ("min-scale", str(self.min_scale)),
            ("max-scale", str(self.max_scale)),
            ("initial-scale", str(self.initial_scale)),
            ("activation-scale", str(self.activation_scale)),
            ("scale-down-delay", f"{self.scale_down_delay_s:g}s"),
            ("scale-to-zero-pod-retention-period", f"{self.retention_s:g}s"),
            ("metric-aggregation-algorithm", self.aggregation),
        ]

    def _defaults(self) -> dict[str, str]:
        return {
            "enable-scale-to-zero": str(self.scales_to_zero).lower(),
            "scale-to-zero-grace-period": f"{self.grace_s:g}s",
            "max-scale-up-rate": f"{self.max_scale_up_rate:g}",
            "max-scale-down-rate": f"{self.max_scale_down_rate:g}",
        }


def _check_window(window_s: float) -> None:
    if not _SHORTEST_WINDOW_S <= window_s <= _LONGEST_WINDOW_S or window_s != int(window_s):
        raise InvalidSetting(
            f"window is {window_s:g} s; valid: whole seconds from {_SHORTEST_WINDOW_S} s to 1 h"
        )
