"""The Knative Service: what Knative's webhook would take, and every setting of its autoscaler."""

import copy
import re
from itertools import pairwise

import jsonschema
import pytest
import yaml

from tests.k8s.knative_schema import AUTOSCALING_KEYS, SCHEMA, faults
from tests.k8s.rendering import K8S, of_kind, only
from tests.k8s.spoiled_services import PREFIX, spoiled_services, with_setting

FILE = K8S / "knative-service/service.yaml"
COMMENTED = re.compile(r"^( *)# (autoscaling\.knative\.dev/[\w-]+: .+)$", re.MULTILINE)


@pytest.fixture
def service(headless) -> dict:
    """A copy that a test may spoil."""
    return copy.deepcopy(only(headless, "Service", "worker"))


def test_the_service_is_as_knative_takes_it(objects):
    [found] = of_kind(objects, "Service", group="serving.knative.dev")
    assert faults(found) == []


def test_the_schema_is_itself_in_order():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_fault_is_found(service):
    missed = [name for name, spoiled in spoiled_services(service) if not faults(spoiled)]
    assert missed == []


def test_a_port_without_a_name_is_named(service):
    spoiled = dict(spoiled_services(service))["a port without a name"]
    assert faults(spoiled) == ["'name' is a required property"]


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
    assert faults(with_setting(service, name, value)) == []


def uncommented() -> dict[str, str]:
    """Every setting of the file, the commented ones too."""
    text = COMMENTED.sub(r"\1\2", FILE.read_text())
    return yaml.safe_load(text)["spec"]["template"]["metadata"]["annotations"]


def test_every_setting_that_knative_has_is_in_the_file():
    assert set(uncommented()) == set(AUTOSCALING_KEYS)


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
