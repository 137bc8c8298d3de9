import argparse
import copy

import pytest

from experiment.knative.names import parse_service_name
from experiment.knative.service import read_service, service_facts
from experiment.kube_errors import NotFound
from experiment.resources import KNATIVE_SERVICES, REVISIONS

PREFIX = "autoscaling.knative.dev/"
CONTAINER = {
    "name": "user-container",
    "image": "registry.example.com/worker:1",
    "ports": [{"name": "h2c", "containerPort": 8080}],
    "resources": {"limits": {"cpu": "1"}},
}
TEMPLATE_SPEC = {"containerConcurrency": 1, "timeoutSeconds": 60, "containers": [CONTAINER]}
SERVICE = {
    "metadata": {"namespace": "loadtest", "name": "worker"},
    "spec": {
        "template": {
            "metadata": {"annotations": {PREFIX + "target": "1"}},
            "spec": TEMPLATE_SPEC,
        }
    },
    "status": {
        "url": "http://worker.loadtest.example.com",
        "address": {"url": "http://worker.loadtest.svc.cluster.local"},
        "latestReadyRevisionName": "worker-00001",
        "conditions": [{"type": "Ready", "status": "True"}],
    },
}
REVISION = {
    "metadata": {
        "namespace": "loadtest",
        "name": "worker-00001",
        "annotations": {
            PREFIX + "target": "2",
            "serving.knative.dev/creator": "someone@example.com",
            "client.knative.dev/user-image": "registry.example.com/worker:1",
        },
    },
    "spec": {**TEMPLATE_SPEC, "containerConcurrency": 5},
    "status": {
        "containerStatuses": [{"name": "user-container", "imageDigest": "worker@sha256:0123"}]
    },
}


@pytest.fixture
def service():
    return copy.deepcopy(SERVICE)


def put(api, *, with_revision=True):
    api.put(KNATIVE_SERVICES.path("loadtest"), SERVICE)
    if with_revision:
        api.put(REVISIONS.path("loadtest"), REVISION)


def test_a_service_is_read_with_its_latest_ready_revision(api, cluster):
    put(api)
    facts = read_service(cluster, "loadtest", "worker")
    assert (facts.full_name, facts.revision, facts.is_ready) == (
        "loadtest/worker",
        "worker-00001",
        True,
    )
    assert facts.host == "worker.loadtest.example.com"
    assert facts.cluster_host == "worker.loadtest.svc.cluster.local"
    assert (facts.port_name, facts.port, facts.timeout_s) == ("h2c", 8080, 60.0)


def test_what_the_revision_says_goes_before_the_template_that_may_have_changed_since(api, cluster):
    put(api)
    facts = read_service(cluster, "loadtest", "worker")
    assert facts.container_concurrency == 5
    assert facts.annotations[PREFIX + "target"] == "2"
    assert facts.image == "worker@sha256:0123"


def test_a_revision_that_may_not_be_read_leaves_the_template(api, cluster):
    put(api, with_revision=False)
    api.refuse(REVISIONS.path("loadtest", "worker-00001"), 403, "forbidden")
    facts = read_service(cluster, "loadtest", "worker")
    assert facts.container_concurrency == 1
    assert facts.image == "registry.example.com/worker:1"


def test_a_service_that_is_not_there_is_named(cluster):
    with pytest.raises(NotFound, match=r"there is no services\.serving\.knative\.dev worker"):
        read_service(cluster, "loadtest", "worker")


def test_annotations_that_say_who_made_a_revision_and_by_what_are_left_out():
    assert dict(service_facts(SERVICE, REVISION).annotations) == {PREFIX + "target": "2"}


def test_a_service_that_was_never_ready_says_why_on_one_line(service):
    failed = {
        "type": "Ready",
        "status": "False",
        "reason": "RevisionMissing",
        "message": 'Configuration "worker" does\nnot have any ready Revision.',
    }
    service["status"] = {"conditions": [failed]}
    facts = service_facts(service, {})
    assert not facts.is_ready
    expected = 'RevisionMissing: Configuration "worker" does not have any ready Revision.'
    assert facts.reason == expected
    assert (facts.revision, facts.url, facts.host) == ("", "", "")


def test_a_service_that_knative_has_not_looked_at_is_not_ready(service):
    del service["status"]
    facts = service_facts(service, {})
    assert (facts.is_ready, facts.reason) == (False, "not yet known")


def test_a_container_without_port_has_no_port_name(service):
    service["spec"]["template"]["spec"]["containers"] = [{"image": "worker"}]
    facts = service_facts(service, {})
    assert (facts.port_name, facts.port) == ("", None)


def test_of_several_containers_the_one_with_a_port_serves(service):
    containers = [{"name": "logs", "image": "logs"}, CONTAINER]
    service["spec"]["template"]["spec"]["containers"] = containers
    assert service_facts(service, {}).image == "registry.example.com/worker:1"


def test_the_manifest_has_what_a_report_needs():
    written = service_facts(SERVICE, REVISION).for_manifest()
    assert written["annotations"] == {PREFIX + "target": "2"}
    assert written["resources"] == {"limits": {"cpu": "1"}}
    assert (written["namespace"], written["name"]) == ("loadtest", "worker")
    assert (written["container_concurrency"], written["timeout_s"]) == (5, 60.0)


def test_a_services_name_has_two_parts():
    assert parse_service_name("loadtest/worker") == ("loadtest", "worker")


@pytest.mark.parametrize("text", ["", "worker", "/worker", "a/b/c", "Load/worker", "a/b ", "a/-b"])
def test_another_name_is_refused_with_what_was_given(text):
    with pytest.raises(argparse.ArgumentTypeError, match="NAMESPACE/NAME") as refused:
        parse_service_name(text)
    assert repr(text) in str(refused.value)
