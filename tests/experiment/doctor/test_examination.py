"""What the doctor gathers from the API, before it judges."""

import pytest

from experiment.doctor import examination
from experiment.doctor.examination import Examination, gather
from experiment.doctor.permissions import grant_line, in_words, to_launch, to_observe
from experiment.doctor.state import read_pods
from experiment.knative.service import service_facts
from experiment.namespaces import NoSuchNamespace
from experiment.resources import KNATIVE_SERVICES, NAMESPACES, PODS, SERVERLESS_SERVICES
from tests.experiment.made_cluster import MadeCluster

SERVICE = {
    "metadata": {"namespace": "shop", "name": "quote"},
    "spec": {"template": {"spec": {"containers": [{"ports": [{"name": "h2c"}]}]}}},
    "status": {
        "latestReadyRevisionName": "quote-1",
        "url": "http://quote.shop.test",
        "conditions": [{"type": "Ready", "status": "True"}],
    },
}
LABELS = {"serving.knative.dev/service": "quote"}


@pytest.fixture(autouse=True)
def _no_names_resolve(monkeypatch):
    monkeypatch.setattr(examination, "resolves_here", lambda name: False)


@pytest.fixture
def cluster():
    made = MadeCluster()
    made.put(NAMESPACES, {"metadata": {"name": "shop"}})
    made.put(KNATIVE_SERVICES.path("shop"), SERVICE)
    return made


def looked_at(cluster, name="quote", namespace="shop", **more):
    return gather(cluster, Examination(namespace, name, **more))


def pod(name, **status):
    return {"metadata": {"name": name, "labels": LABELS}, "status": status}


def test_a_service_is_read_and_without_a_way_no_call_is_made(cluster):
    facts = looked_at(cluster)
    assert facts.service.port_name == "h2c"
    assert facts.others is facts.path is None
    assert facts.denied == ()


def test_where_there_is_no_such_service_those_that_are_there_are_named(cluster):
    assert looked_at(cluster, "quota").others == ("quote",)


def test_where_there_is_no_such_namespace_it_is_said(cluster):
    with pytest.raises(NoSuchNamespace, match="'shed'"):
        looked_at(cluster, namespace="shed")


def test_what_is_not_allowed_is_gathered_with_the_name_of_the_account(cluster):
    cluster.denied = {"podautoscalers"}
    facts = looked_at(cluster)
    assert [(one.verb, one.resource.plural) for one in facts.denied] == [
        ("list", "podautoscalers"),
        ("watch", "podautoscalers"),
    ]
    assert (facts.who, facts.service.name) == ("somebody", "quote")


def test_a_service_that_may_not_be_read_is_not_judged(cluster):
    cluster.denied = {"services"}
    facts = looked_at(cluster)
    assert facts.service is None
    assert facts.denied


def test_pods_are_counted_when_ready_and_those_that_do_not_start_say_why(cluster):
    ready = [{"type": "Ready", "status": "True"}]
    waiting = [{"state": {"waiting": {"reason": "ErrImagePull", "message": "no\n such image"}}}]
    no_room = [{"type": "PodScheduled", "reason": "Unschedulable", "message": "no room"}]
    path = PODS.path("shop")
    cluster.put(path, pod("a", conditions=ready))
    cluster.put(path, pod("b", containerStatuses=waiting))
    cluster.put(path, pod("c", conditions=no_room))
    going = pod("d", conditions=ready)
    going["metadata"]["deletionTimestamp"] = "now"
    cluster.put(path, going)
    way = {"metadata": {"name": "quote-1", "labels": LABELS}, "spec": {"mode": "Serve"}}
    cluster.put(SERVERLESS_SERVICES.path("shop"), way)
    facts = read_pods(cluster, service_facts(SERVICE, {}))
    assert (facts.ready, facts.mode) == (1, "Serve")
    assert [one.in_words for one in facts.troubles] == [
        "ErrImagePull: no such image",
        "Unschedulable: no room",
    ]


def test_permissions_of_two_namespaces_are_granted_in_each():
    both = (to_observe("shop")[0], to_launch("load")[0])
    words = in_words(both)
    assert "services.serving.knative.dev in namespace shop, nor create jobs.batch" in words
    line = grant_line(both, "ann")
    assert line.count("kubectl create role ") == line.count("--user=ann") == 2
    assert "-n shop" in line
    assert "-n load" in line
