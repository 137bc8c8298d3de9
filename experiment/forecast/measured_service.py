"""The Service of a measured run as the simulator takes it: from the settings in its manifest."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from experiment.forecast.errors import NotModelled
from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s
from simulator.errors import InvalidSetting
from simulator.service import PREFIX, RPS, Service
from simulator.values import (
    burst_capacity,
    number_above,
    share,
    times_from_percentage,
    whole_from,
)

Value = TypeVar("Value")
Settings = Mapping[str, Any]

_OWN_CLASS = "kpa."
_METRICS = ("concurrency", RPS)
_RPS_UTILIZATION = 0.7
"""Of the metric rps where no annotation says another: no key of config-autoscaler does."""


def service_of(knative: Settings | None) -> Service:
    """The Service that a manifest's `knative` describes: annotations, else the cluster's defaults.

    Its initial scale is 1: a Service under load had its initial pods before. What the snapshot
    could not read is as Knative has it by default. Read in knative/serving 1.22, where the
    autoscaler makes its settings of both (`resources.MakeMetric`, `ResolveMetricTarget`).

    Raises:
        NotModelled: where the settings are not there, or Knative's own autoscaler is not at work.
    """
    service = (knative or {}).get("service")
    if not service:
        raise NotModelled("its manifest holds no settings of a Knative Service")
    told = _Told(service.get("annotations") or {}, _config(knative or {}))
    try:
        return _service(told, int(service.get("container_concurrency") or 0))
    except (InvalidValue, InvalidSetting, TypeError, ValueError) as error:
        raise NotModelled(f"its Service's settings are not understood: {error}") from None


def _config(knative: Settings) -> Settings:
    return (knative.get("config") or {}).get("config-autoscaler") or {}


class _Told:
    """What annotations and config-autoscaler say, by the names that they have there."""

    def __init__(self, annotations: Settings, config: Settings) -> None:
        self.annotations = annotations
        self.config = config

    def of(
        self, name: str, parse: Callable[[str], Value], default: Value, config_name: str = ""
    ) -> Value:
        """An annotation, else the key of the ConfigMap, else the default."""
        text = self._annotation(name)
        if text is None and config_name:
            text = self.config.get(config_name)
        return default if text in {None, ""} else parse(str(text))

    def _annotation(self, name: str) -> Any:
        found = self.annotations.get(PREFIX + name)
        return self.annotations.get(PREFIX + _older(name)) if found is None else found


def _older(name: str) -> str:
    """As earlier versions wrote it, and Knative still takes it: minScale for min-scale."""
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def _service(told: _Told, limit: int) -> Service:
    metric = told.of("metric", str, "concurrency")
    own_class = told.of("class", str, _OWN_CLASS, "pod-autoscaler-class")
    if metric not in _METRICS or not own_class.startswith(_OWN_CLASS):
        raise NotModelled(
            f"its Service is scaled by {metric} (class {own_class}); modelled are concurrency and"
            " rps of Knative's own autoscaler"
        )
    return Service(
        container_concurrency=limit,
        metric=metric,
        target=_target(told, metric, limit),
        target_utilization=_utilization(told, metric),
        window_s=told.of("window", parse_duration_s, 60.0, "stable-window"),
        panic_window=told.of("panic-window-percentage", share, 0.1, "panic-window-percentage"),
        panic_threshold=told.of(
            "panic-threshold-percentage", times_from_percentage, 2.0, "panic-threshold-percentage"
        ),
        target_burst_capacity=told.of(
            "target-burst-capacity", burst_capacity, 211.0, "target-burst-capacity"
        ),
        min_scale=told.of("min-scale", whole_from(0), 0, "min-scale"),
        max_scale=told.of("max-scale", whole_from(0), 0, "max-scale"),
        activation_scale=told.of("activation-scale", whole_from(1), 1),
        scale_down_delay_s=told.of("scale-down-delay", parse_duration_s, 0.0, "scale-down-delay"),
        retention_s=told.of(
            "scale-to-zero-pod-retention-period",
            parse_duration_s,
            0.0,
            "scale-to-zero-pod-retention-period",
        ),
        aggregation=told.of("metric-aggregation-algorithm", str, "linear"),
        grace_s=told.of("", parse_duration_s, 30.0, "scale-to-zero-grace-period"),
        scales_to_zero=told.of("", _is_true, default=True, config_name="enable-scale-to-zero"),
        max_scale_up_rate=told.of("", number_above(1), 1000.0, "max-scale-up-rate"),
        max_scale_down_rate=told.of("", number_above(1), 2.0, "max-scale-down-rate"),
    )


def _target(told: _Told, metric: str, limit: int) -> float | None:
    if metric == RPS:
        return told.of("target", number_above(0), 200.0, "requests-per-second-target-default")
    if limit:
        return told.of("target", number_above(0), None)
    return told.of("target", number_above(0), 100.0, "container-concurrency-target-default")


def _utilization(told: _Told, metric: str) -> float:
    key = "" if metric == RPS else "container-concurrency-target-percentage"
    return told.of("target-utilization-percentage", share, _RPS_UTILIZATION, key)


def _is_true(text: str) -> bool:
    return text.strip().lower() in {"true", "t", "1"}
