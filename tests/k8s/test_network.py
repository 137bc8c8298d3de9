"""Network policies: the paths of a run are open, and no others."""

import copy

import pytest

from tests.k8s.pods import pods
from tests.k8s.reachability import Place, may_speak
from tests.k8s.rendering import of_kind

COMPONENT = "app.kubernetes.io/component"
MASTER = Place({COMPONENT: "locust-master"})
WORKER = Place({COMPONENT: "locust-worker"})
RESULTS = Place({COMPONENT: "locust-results"})
SPIN = Place({"serving.knative.dev/service": "worker"})
STRANGER = Place({"app": "of this namespace"})
VISITOR = Place(namespace="ingress", namespace_labels={"locust-knative/web-access": "true"})
ELSEWHERE = Place(namespace="another")
GATEWAY = Place(namespace="kourier-system")
KNATIVE = Place(namespace="knative-serving")
DNS = Place(namespace="kube-system")

OPEN = {
    "a worker to its master": (WORKER, MASTER, 5557),
    "a worker's records home": (WORKER, RESULTS, 8070),
    "the master's records home": (MASTER, RESULTS, 8070),
    "names to addresses": (WORKER, DNS, 53),
    "load to the gateway": (WORKER, GATEWAY, 8080),
    "the master's look at the target": (MASTER, GATEWAY, 8080),
    "the gateway to a pod": (GATEWAY, SPIN, 8013),
    "the activator to a pod": (KNATIVE, SPIN, 8013),
    "the autoscaler to a pod": (KNATIVE, SPIN, 9090),
}
CLOSED = {
    "a stranger to the master": (STRANGER, MASTER, 5557),
    "another namespace to the master": (ELSEWHERE, MASTER, 5557),
    "a worker to the page": (WORKER, MASTER, 8089),
    "a stranger to the page": (STRANGER, MASTER, 8089),
    "another namespace to the page": (ELSEWHERE, MASTER, 8089),
    "a stranger to the records": (STRANGER, RESULTS, 8070),
    "another namespace to the records": (ELSEWHERE, RESULTS, 8070),
    "a stranger to a Knative pod": (STRANGER, SPIN, 8013),
    "load past the gateway": (WORKER, SPIN, 8080),
    "a generator to another namespace": (WORKER, ELSEWHERE, 80),
    "a worker to a worker": (WORKER, WORKER, 5557),
    "the records to anywhere": (RESULTS, ELSEWHERE, 443),
    "a Knative pod to anywhere": (SPIN, ELSEWHERE, 443),
    "anything to a worker": (MASTER, WORKER, 5557),
    "anybody to what these policies do not know": (ELSEWHERE, STRANGER, 80),
}


@pytest.mark.parametrize(("source", "target", "port"), OPEN.values(), ids=OPEN)
def test_open(objects, source, target, port):
    assert may_speak(of_kind(objects, "NetworkPolicy"), source, target, port)


@pytest.mark.parametrize(("source", "target", "port"), CLOSED.values(), ids=CLOSED)
def test_closed(objects, source, target, port):
    assert not may_speak(of_kind(objects, "NetworkPolicy"), source, target, port)


def test_the_page_is_open_to_namespaces_that_are_labelled_for_it(webui):
    assert may_speak(of_kind(webui, "NetworkPolicy"), VISITOR, MASTER, 8089)
    assert not may_speak(of_kind(webui, "NetworkPolicy"), VISITOR, MASTER, 5557)


def test_without_a_page_nobody_reaches_its_port(headless):
    assert not may_speak(of_kind(headless, "NetworkPolicy"), VISITOR, MASTER, 8089)


def test_a_path_opens_only_by_a_policy_of_its_own(headless):
    policies = [each for each in of_kind(headless, "NetworkPolicy") if "worker" not in str(each)]
    assert not may_speak(policies, WORKER, MASTER, 5557)


def test_a_policy_that_forgot_its_port_would_be_found(webui):
    policies = copy.deepcopy(of_kind(webui, "NetworkPolicy"))
    for each in policies:
        for rule in each["spec"].get("ingress", []) + each["spec"].get("egress", []):
            rule.pop("ports", None)
    assert may_speak(policies, WORKER, MASTER, 8089)


def test_every_policy_is_about_pods_that_are_there(objects):
    labels = [pod.labels for pod in pods(objects)]
    for policy in of_kind(objects, "NetworkPolicy"):
        alone = copy.deepcopy(policy)
        alone["spec"] |= {"policyTypes": ["Ingress"], "ingress": []}
        held = [each for each in labels if not may_speak([alone], ELSEWHERE, Place(each), 1)]
        assert held, policy["metadata"]["name"]


def test_pods_are_the_places_that_these_tests_name(headless):
    named = {pod.labels.get(COMPONENT) for pod in pods(headless)} - {None}
    assert named == {"locust-master", "locust-worker", "locust-results"}
