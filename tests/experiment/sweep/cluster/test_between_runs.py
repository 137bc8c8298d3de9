"""Waiting for a revision and a state, on a cluster that is made here."""

import pytest

from experiment.sweep.cluster.between_runs import BetweenRuns
from experiment.sweep.cluster.initial_state import parse_initial_state
from experiment.sweep.cluster.target_state import settled_revision, traffic_elsewhere
from experiment.sweep.cluster.waits import Waits
from experiment.sweep.ground import NotPrepared
from tests.experiment.sweep.cluster.fake_knative import SERVICES, status_of


@pytest.fixture
def passing():
    """A clock that passes one second at every look at it."""
    now = [0.0]

    def now_s():
        now[0] += 1.0
        return now[0]

    return now_s


@pytest.fixture
def between(service_api, passing):
    return BetweenRuns(service_api, Waits(30.0, now_s=passing, look_s=0.0), "60s", 0.0)


def test_a_revision_is_waited_for_until_all_traffic_is_its(between, notes):
    assert between.settle(notes) == "quote-00001"
    assert notes[0]["event"] == "waited"
    assert notes[0]["for"] == "the revision to be ready"
    assert notes[0]["reached"] is True


def test_a_revision_that_does_not_become_ready_is_named_with_the_reason(between, knative, notes):
    knative.is_slow = True
    knative.edit(timeoutSeconds=30)
    with pytest.raises(NotPrepared, match=r"to be ready was not reached within \d+ s: Deploying"):
        between.settle(notes)
    assert notes[0]["reached"] is False
    assert notes[0]["seconds"] >= 30


@pytest.mark.parametrize(
    ("changed", "settled"),
    [
        ({}, "quote-00001"),
        ({"observedGeneration": 0}, None),
        ({"latestCreatedRevisionName": "quote-00002"}, None),
        ({"traffic": [{"revisionName": "quote-00001", "percent": 50}]}, None),
        ({"traffic": [{"revisionName": "quote-00001", "percent": 50}] * 2}, "quote-00001"),
        ({"conditions": [{"type": "Ready", "status": "Unknown"}]}, None),
    ],
)
def test_a_service_is_settled_when_all_of_it_is_of_one_revision(changed, settled):
    status = {**status_of("quote-00001", 1), **changed}
    assert settled_revision({"metadata": {"generation": 1}, "status": status}) == settled


@pytest.mark.parametrize(
    ("traffic", "elsewhere"),
    [
        (None, None),
        ([{"latestRevision": True, "percent": 100}], None),
        ([{"revisionName": "quote-v1", "percent": 100}], "quote-v1"),
        ([{"revisionName": "quote-v1", "tag": "old"}, {"latestRevision": True}], None),
    ],
)
def test_traffic_that_a_new_revision_would_not_get_is_named(traffic, elsewhere):
    assert traffic_elsewhere({"traffic": traffic}) == elsewhere


def test_zero_is_waited_for_while_pods_go(between, knative, notes):
    knative.scale("quote-00001", 1)
    looks = []

    def go():
        looks.append(1)
        if len(looks) == 3:
            knative.scale("quote-00001", 0)

    between.waits.stopped.wait = lambda _: go()
    between.wait_for(parse_initial_state("zero"), "quote-00001", {}, notes)
    assert (notes[0]["for"], notes[0]["reached"], len(looks)) == ("zero", True, 3)


def test_what_is_there_instead_is_said_when_the_time_is_over(between, knative, notes):
    knative.scale("quote-00001", 2)
    with pytest.raises(NotPrepared, match="2 ready, 0 others, 2 wanted by the autoscaler"):
        between.wait_for(parse_initial_state("zero"), "quote-00001", {}, notes)


def test_pods_of_an_older_revision_are_waited_for(between, knative, notes):
    knative.scale("quote-00000", 1, desired=0)
    with pytest.raises(NotPrepared, match="0 ready, 1 others"):
        between.wait_for(parse_initial_state("zero"), "quote-00001", {}, notes)


def test_pods_on_their_way_out_are_not_waited_for(between, api, knative, notes):
    knative.scale("quote-00001", 1, desired=0)
    for pod in api.objects["/api/v1/namespaces/shop/pods"].values():
        pod["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    between.wait_for(parse_initial_state("zero"), "quote-00001", {}, notes)
    assert notes[0]["reached"]


@pytest.mark.parametrize(
    ("window", "reached"), [({}, False), ({"autoscaling.knative.dev/window": "6s"}, True)]
)
def test_pods_are_stable_once_the_window_has_passed_without_a_call(
    between, knative, notes, window, reached
):
    knative.scale("quote-00001", 2)
    between.called()
    if not reached:
        with pytest.raises(NotPrepared):
            between.wait_for(parse_initial_state("2 ready"), "quote-00001", window, notes)
    else:
        between.wait_for(parse_initial_state("2 ready"), "quote-00001", window, notes)
    assert notes[0]["reached"] is reached


def test_a_new_revision_has_nothing_to_forget(between, knative, notes):
    knative.scale("quote-00002", 2)
    between.called()
    between.unused_revision = "quote-00002"
    between.wait_for(parse_initial_state("2 ready"), "quote-00002", {}, notes)
    assert notes[0]["seconds"] < 10


def test_a_wait_ends_when_the_sweep_is_to_end(between, knative, notes):
    knative.scale("quote-00001", 1)
    between.waits.stopped.set()
    with pytest.raises(NotPrepared, match="stopped while waiting for zero"):
        between.wait_for(parse_initial_state("zero"), "quote-00001", {}, notes)


def test_an_autoscaler_that_is_not_there_yet_wants_an_unknown_number(between, api, knative, notes):
    api.remove(
        "/apis/autoscaling.internal.knative.dev/v1alpha1/namespaces/shop/podautoscalers",
        "quote-00001",
    )
    between.wait_for(parse_initial_state("zero"), "quote-00001", {}, notes)
    assert api.objects[SERVICES]
