"""What the doctor gathers from the API, before it judges."""

import copy

import pytest

from experiment.clock import Clock
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


def looked_at(cluster, name="quote", namespace="shop", clock=None):
    return gather(cluster, Examination(namespace, name), clock)


def pod(name, **status):
    return {"metadata": {"name": name, "labels": LABELS}, "status": status}


def test_a_service_is_read_and_without_a_way_no_call_is_made(cluster):
    facts = looked_at(cluster)
    assert facts.service.port_name == "h2c"
    assert facts.others is facts.path is None
    assert facts.denied == ()


class Reconciling:
    """Knative at work: by so many seconds of its clock a state of the Service takes effect."""

    def __init__(self, cluster, **states):
        self.now_s, self.states, self.cluster = 0.0, states, cluster
        self.clock = Clock(lambda: self.now_s, self.sleep)
        self.sleep(0)

    def sleep(self, seconds):
        self.now_s += seconds
        for at_s, state in self.states.items():
            if self.now_s >= float(at_s.removeprefix("at_")):
                self.cluster.put(KNATIVE_SERVICES.path("shop"), state)


def changed(ready, generation=2, seen=2, revision="quote-2"):
    """The Service after a change, as far as Knative has come with it."""
    service = copy.deepcopy(SERVICE)
    service["metadata"]["generation"] = generation
    condition = {"type": "Ready", "status": ready}
    service["status"] |= {"observedGeneration": seen, "conditions": [condition]}
    service["status"]["latestReadyRevisionName"] = revision
    return service


@pytest.mark.parametrize(
    "before",
    [changed("Unknown", revision="quote-1"), changed("True", seen=1, revision="quote-1")],
    ids=["unknown", "of what was before"],
)
def test_a_service_that_was_changed_a_moment_ago_is_waited_for(cluster, before):
    knative = Reconciling(cluster, at_0=before, at_7=changed("True"))
    facts = looked_at(cluster, clock=knative.clock)
    assert (facts.service.is_ready, facts.service.revision) == (True, "quote-2")
    assert knative.now_s == 7


@pytest.mark.parametrize(("said", "waited_s"), [("False", 0), ("Unknown", 30)])
def test_a_service_that_does_not_become_ready_is_told_as_it_is(cluster, said, waited_s):
    knative = Reconciling(cluster, at_0=changed(said))
    facts = looked_at(cluster, clock=knative.clock)
    assert not facts.service.is_ready
    assert knative.now_s == waited_s


def test_a_service_whose_pods_do_not_start_is_not_waited_for(cluster):
    waiting = [{"state": {"waiting": {"reason": "ErrImagePull"}}}]
    cluster.put(PODS.path("shop"), pod("a", containerStatuses=waiting))
    knative = Reconciling(cluster, at_0=changed("Unknown"))
    assert looked_at(cluster, clock=knative.clock).pods.troubles
    assert knative.now_s == 0


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
