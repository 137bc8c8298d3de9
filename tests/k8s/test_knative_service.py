"""The Knative Service: what Knative's webhook would take, and every setting of its autoscaler."""

import copy
import json
import re
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.k8s.rendering import K8S, of_kind, only

SCHEMA = json.loads(Path(__file__).with_name("knative_service.schema.json").read_text())
PREFIX = "autoscaling.knative.dev/"
FILE = K8S / "knative-service/service.yaml"
COMMENTED = re.compile(r"^( *)# (autoscaling\.knative\.dev/[\w-]+: .+)$", re.MULTILINE)


def faults(service: dict) -> list[str]:
    return [each.message for each in jsonschema.Draft202012Validator(SCHEMA).iter_errors(service)]


@pytest.fixture
def service(headless) -> dict:
    """A copy that a test may spoil."""
    return copy.deepcopy(only(headless, "Service", "worker"))


def test_the_service_is_as_knative_takes_it(objects):
    [found] = of_kind(objects, "Service", group="serving.knative.dev")
    assert faults(found) == []


def test_the_schema_is_itself_in_order():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


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


@pytest.mark.parametrize(("path", "value"), SPOILED_PODS.values(), ids=SPOILED_PODS)
def test_a_pod_is_refused_for(service, path, value):
    *way, last = path
    place = service["spec"]["template"]["spec"]
    for step in way:
        place = place[step]
    place[last] = value
    assert faults(service)


def test_a_port_without_a_name_is_refused(service):
    del service["spec"]["template"]["spec"]["containers"][0]["ports"][0]["name"]
    assert faults(service) == ["'name' is a required property"]


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


@pytest.mark.parametrize(("name", "value"), SPOILED_SETTINGS)
def test_a_setting_of_the_autoscaler_is_refused(service, name, value):
    service["spec"]["template"]["metadata"]["annotations"][PREFIX + name] = value
    assert len(faults(service)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window", "6s"),
        ("window", "1h"),
        ("window", "1m30s"),
        ("target", "0.5"),
        ("window", "600s"),
    ],
)
def test_a_setting_at_its_bounds_is_taken(service, name, value):
    service["spec"]["template"]["metadata"]["annotations"][PREFIX + name] = value
    assert faults(service) == []


def test_settings_of_the_autoscaler_in_the_wrong_place_are_refused(service):
    service["metadata"]["annotations"] = {PREFIX + "min-scale": "1"}
    assert faults(service)


def uncommented() -> dict[str, str]:
    """Every setting of the file, the commented ones too."""
    text = COMMENTED.sub(r"\1\2", FILE.read_text())
    return yaml.safe_load(text)["spec"]["template"]["metadata"]["annotations"]


def test_every_setting_that_knative_has_is_in_the_file():
    known = SCHEMA["$defs"]["annotations"]["propertyNames"]["anyOf"][1]["enum"]
    assert set(uncommented()) == set(known)


def test_the_file_with_every_setting_switched_on_is_taken(service):
    service["spec"]["template"]["metadata"]["annotations"] = uncommented()
    assert faults(service) == []


def test_every_setting_has_a_sentence_above_it():
    lines = FILE.read_text().splitlines()
    for above, line in pairwise(lines):
        if PREFIX in line:
            assert re.match(r" +# (?!autoscaling)", above), line


def test_the_fewest_pods_are_no_more_than_the_most():
    settings = uncommented()
    assert int(settings[PREFIX + "min-scale"]) <= int(settings[PREFIX + "max-scale"])


def test_the_probe_asks_the_port_that_is_served(service):
    [container] = service["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["grpc"]["port"] == container["ports"][0]["containerPort"]


def test_the_worker_is_reached_from_the_cluster_only_and_may_be_patched(service):
    assert service["metadata"]["labels"]["networking.knative.dev/visibility"] == "cluster-local"
    assert service["metadata"]["labels"]["locust-knative/patchable"] == "true"
