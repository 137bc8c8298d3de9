import math

import numpy as np
import pytest

from verdict.pods_needed import PodTarget, pod_target


def knative(limit=0, config=None, **annotations):
    named = {f"autoscaling.knative.dev/{k.replace('_', '-')}": v for k, v in annotations.items()}
    service = {"container_concurrency": limit, "annotations": named}
    return {"service": service, "config": {"config-autoscaler": config or {}}}


@pytest.mark.parametrize(
    ("settings", "value"),
    [
        (knative(), 70.0),
        (knative(1), 0.7),
        (knative(10, target="4"), 2.8),
        (knative(10, target="40"), 7.0),
        (knative(0, target="40", target_utilization_percentage="100"), 40.0),
        (knative(1, {"container-concurrency-target-percentage": "0.5"}), 0.5),
        (knative(1, {"container-concurrency-target-percentage": "80"}), 0.8),
        (knative(0, {"container-concurrency-target-default": "20"}), 14.0),
        (knative(metric="rps"), 140.0),
        (knative(metric="rps", target="50"), 35.0),
    ],
    ids=[
        "defaults", "limit 1", "target below the limit", "target above the limit", "utilization",
        "fraction", "configured utilization", "configured default", "rps", "rps target",
    ],
)  # fmt: skip
def test_the_target_of_a_pod_is_as_knative_computes_it(settings, value):
    assert pod_target(settings).value == pytest.approx(value)


@pytest.mark.parametrize(
    "settings",
    [None, {}, {"service": None}, knative("many"), knative(metric="cpu"), knative(target="x")],
    ids=["none", "empty", "no service", "no number", "another metric", "bad target"],
)
def test_what_is_not_known_is_no_target(settings):
    assert pod_target(settings) is None


def test_another_class_of_autoscaler_has_no_target_of_ours():
    assert pod_target(knative(**{"class": "hpa.autoscaling.knative.dev"})) is None


@pytest.mark.parametrize(("rate_rps", "pods"), [(0.0, 0), (0.1, 1), (7.0, 1), (7.1, 2), (70.0, 10)])
def test_the_load_in_cores_is_dealt_to_pods_up_to_their_target(rate_rps, pods):
    assert PodTarget("concurrency", 0.7).needed(np.array([rate_rps]), 0.1).tolist() == [pods]


def test_a_target_in_calls_a_second_needs_no_length_of_a_call():
    assert PodTarget("rps", 35.0).needed(np.array([36.0]), math.nan).tolist() == [2]


def test_a_forecast_stays_inside_the_bounds():
    target = pod_target(knative(1, min_scale="2", max_scale="5"))
    assert [target.forecast(rate_rps, 0.1) for rate_rps in (0.0, 20.0, 500.0)] == [2, 3, 5]
