"""The Service that a manifest describes, as the simulator takes it."""

import pytest

from experiment.forecast.errors import NotModelled
from experiment.forecast.measured_service import service_of
from experiment.knative.defaults import DEFAULTS
from simulator.service import Service
from verdict.pods_needed import pod_target

PREFIX = "autoscaling.knative.dev/"


def knative(config=None, limit=0, **annotations):
    service = {
        "name": "worker",
        "container_concurrency": limit,
        "annotations": {PREFIX + key.replace("_", "-"): text for key, text in annotations.items()},
    }
    return {"service": service, "config": {"config-autoscaler": config or {}}}


def test_a_service_without_annotations_is_knatives_default():
    described = service_of(knative(DEFAULTS["config-autoscaler"]))
    assert described.scaler_settings() == Service().scaler_settings()


def test_what_could_not_be_read_is_knatives_default():
    described = service_of(knative({"not_read": "no permission"}))
    assert described.scaler_settings() == Service().scaler_settings()


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("target", "5", "target", 5.0),
        ("target-utilization-percentage", "80", "target_utilization", 0.8),
        ("window", "1m0s", "window_s", 60.0),
        ("panic-window-percentage", "20", "panic_window", 0.2),
        ("panic-threshold-percentage", "300.0", "panic_threshold", 3.0),
        ("target-burst-capacity", "-1", "target_burst_capacity", -1.0),
        ("min-scale", "2", "min_scale", 2),
        ("max-scale", "9", "max_scale", 9),
        ("minScale", "2", "min_scale", 2),
        ("activation-scale", "3", "activation_scale", 3),
        ("scale-down-delay", "15m", "scale_down_delay_s", 900.0),
        ("scale-to-zero-pod-retention-period", "1m5s", "retention_s", 65.0),
        ("metric-aggregation-algorithm", "linear", "aggregation", "linear"),
        ("metric", "rps", "metric", "rps"),
    ],
)  # fmt: skip
def test_each_annotation_is_taken(name, text, field, value):
    assert getattr(service_of(knative(**{name: text})), field) == value


@pytest.mark.parametrize(
    ("key", "text", "field", "value"),
    [
        ("stable-window", "30s", "window_s", 30.0),
        ("container-concurrency-target-percentage", "0.9", "target_utilization", 0.9),
        ("container-concurrency-target-default", "10", "target", 10.0),
        ("scale-to-zero-grace-period", "40s", "grace_s", 40.0),
        ("enable-scale-to-zero", "false", "scales_to_zero", False),
        ("max-scale-up-rate", "10.0", "max_scale_up_rate", 10.0),
        ("max-scale-down-rate", "3", "max_scale_down_rate", 3.0),
        ("target-burst-capacity", "0", "target_burst_capacity", 0.0),
    ],
)
def test_what_the_cluster_sets_for_all_is_taken(key, text, field, value):
    assert getattr(service_of(knative({key: text})), field) == value


def test_an_annotation_wins_over_what_the_cluster_sets_for_all():
    assert service_of(knative({"stable-window": "30s"}, window="20s")).window_s == 20.0


@pytest.mark.parametrize("limit", [0, 1, 10])
@pytest.mark.parametrize(
    "annotations",
    [{}, {"target": "5"}, {"target_utilization_percentage": "50"}, {"metric": "rps"},
     {"metric": "rps", "target": "7"}],
)  # fmt: skip
def test_a_pod_is_kept_at_what_the_first_screen_forecasts_by(limit, annotations):
    described = knative(DEFAULTS["config-autoscaler"], limit, **annotations)
    target = service_of(described).scaler_settings().target_value
    assert target == pytest.approx(pod_target(described).value)


@pytest.mark.parametrize(
    ("described", "said"),
    [
        (None, "no settings of a Knative Service"),
        ({"versions": {}}, "no settings of a Knative Service"),
        (knative(metric="cpu"), "scaled by cpu"),
        (knative(**{"class": "hpa.autoscaling.knative.dev"}), "class hpa"),
        (knative(window="soon"), "'soon'"),
        (knative(window="2s"), "window is 2 s"),
    ],
)
def test_what_cannot_be_modelled_is_said_in_one_line(described, said):
    with pytest.raises(NotModelled, match=said) as refused:
        service_of(described)
    assert "\n" not in str(refused.value)
