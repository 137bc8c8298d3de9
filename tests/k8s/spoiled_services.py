"""Knative Services with one thing wrong."""

import copy
from collections.abc import Iterator

PREFIX = "autoscaling.knative.dev/"
SPOILED_PODS = {
    "a port that is not named h2c": (("containers", 0, "ports", 0, "name"), "grpc"),
    "a port of Knative's own": (("containers", 0, "ports", 0, "containerPort"), 8013),
    "a limit in quotes": (("containerConcurrency",), "1"),
    "a limit above Knative's": (("containerConcurrency",), 1001),
    "no time at all": (("timeoutSeconds",), 0),
    "more time than Knative allows": (("timeoutSeconds",), 601),
    "a field that needs a feature flag": (("securityContext",), {"runAsNonRoot": True}),
    "a token of the API": (("automountServiceAccountToken",), True),
    "privileges": (("containers", 0, "securityContext", "privileged"), True),
    "an environment of Knative's": (("containers", 0, "env"), [{"name": "PORT", "value": "1"}]),
}
SPOILED_SETTINGS = [
    ("minScale", "0"),
    ("max-scales", "3"),
    ("max-scale", 3),
    ("max-scale", "-1"),
    ("initial-scale", "0"),
    ("activation-scale", "1"),
    ("window", "5s"),
    ("window", "90"),
    ("window", "2h"),
    ("panic-window-percentage", "0"),
    ("panic-threshold-percentage", "109"),
    ("target-utilization-percentage", "101"),
    ("target-burst-capacity", "-2"),
    ("metric-aggregation-algorithm", "mean"),
    ("class", "kpa"),
]
IGNORED = {"minScale: 0", "max-scales: 3", "class: kpa", "a port without a name", "no time at all"}
"""What Knative takes without a word: an older spelling, a key or a class that it does not know,
HTTP/1.1, its own default in place of 0. None of it is meant, so the schema refuses it."""


def spoiled_services(service: dict) -> Iterator[tuple[str, dict]]:
    """Each fault's name, and a copy of the Service that has it."""
    for name, (path, value) in SPOILED_PODS.items():
        yield name, with_pod_field(service, path, value)
    for key, value in SPOILED_SETTINGS:
        yield f"{key}: {value}", with_setting(service, key, value)
    unnamed = copy.deepcopy(service)
    del unnamed["spec"]["template"]["spec"]["containers"][0]["ports"][0]["name"]
    yield "a port without a name", unnamed
    misplaced = copy.deepcopy(service)
    misplaced["metadata"]["annotations"] = {PREFIX + "min-scale": "1"}
    yield "a setting in the wrong place", misplaced


def with_pod_field(service: dict, path: tuple, value: object) -> dict:
    """A copy whose pods have another value at a place in their spec."""
    changed = copy.deepcopy(service)
    *way, last = path
    place = changed["spec"]["template"]["spec"]
    for step in way:
        place = place[step]
    place[last] = value
    return changed


def with_setting(service: dict, key: str, value: object) -> dict:
    """A copy with another setting of the autoscaler."""
    changed = copy.deepcopy(service)
    changed["spec"]["template"]["metadata"]["annotations"][PREFIX + key] = value
    return changed
