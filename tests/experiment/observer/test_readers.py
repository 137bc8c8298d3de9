import pytest

from experiment.observer.readers import WATCHED
from tests.experiment.observer.things import LABELS, REVISION, condition, pod, thing


def reader(plural):
    [watched] = [each for each in WATCHED if each.resource.plural == plural]
    return watched.reader()


ROWS = [
    (
        "podautoscalers",
        thing(status={"desiredScale": 3, "actualScale": 1}),
        {"kind": "scale", "desired": 3, "actual": 1},
    ),
    (
        "serverlessservices",
        thing(spec={"mode": "Proxy", "numActivators": 3}),
        {"kind": "mode", "mode": "Proxy", "activators": 3},
    ),
    (
        "deployments",
        thing(
            spec={"replicas": 3},
            status={"readyReplicas": 2, "availableReplicas": 1},
            name=f"{REVISION}-deployment",
        ),
        {"kind": "deployment", "replicas": 3, "ready": 2, "available": 1},
    ),
    (
        "revisions",
        thing(status={"conditions": [condition("Ready")]}),
        {"kind": "revision", "ready": True, "reason": ""},
    ),
]


@pytest.mark.parametrize(("plural", "seen", "row"), ROWS, ids=[row[0] for row in ROWS])
def test_an_object_is_a_row_with_its_revision_and_the_moment(plural, seen, row):
    assert reader(plural).seen(seen, 12.5) == [{"at_unix_s": 12.5, "revision": REVISION, **row}]


@pytest.mark.parametrize(("plural", "seen", "row"), ROWS, ids=[row[0] for row in ROWS])
def test_an_object_that_has_not_changed_where_we_look_tells_nothing(plural, seen, row):
    told = reader(plural)
    told.seen(seen, 12.5)
    changed = {**seen, "metadata": {**seen["metadata"], "annotations": {"new": "1"}}}
    assert told.seen(changed, 13.0) == []


def test_what_the_autoscaler_does_not_know_yet_is_empty():
    [row] = reader("podautoscalers").seen(thing(status={"desiredScale": -1}), 0.0)
    assert (row["desired"], row["actual"]) == (None, None)


@pytest.mark.parametrize(
    ("plural", "seen", "row"), [ROWS[0], ROWS[2]], ids=["podautoscalers", "deployments"]
)
def test_what_is_gone_counts_zero(plural, seen, row):
    told = reader(plural)
    told.seen(seen, 1.0)
    [last] = told.gone(seen["metadata"]["name"], 2.0)
    numbers = [value for key, value in last.items() if key not in {"at_unix_s", "kind", "revision"}]
    assert set(numbers) == {0}


def test_a_mode_says_nothing_when_its_revision_is_gone():
    told = reader("serverlessservices")
    told.seen(ROWS[1][1], 1.0)
    assert told.gone(REVISION, 2.0) == []


def test_an_object_without_the_label_is_its_own_revision():
    bare = {"metadata": {"name": "other"}, "spec": {"mode": "Serve"}}
    assert reader("serverlessservices").seen(bare, 0.0)[0]["revision"] == "other"


def test_a_pod_row_has_the_pod_its_phase_both_times_and_its_node():
    [row] = reader("pods").seen(pod("worker-x"), 1795600801.5)
    assert row == {
        "at_unix_s": 1795600801.5,
        "kind": "pod",
        "revision": REVISION,
        "pod": "worker-x",
        "phase": "created",
        "said_unix_s": 1795600800.0,
        "node": "node-1",
    }


def test_a_pod_that_is_gone_has_no_stamp_for_it_and_is_told_once():
    pods = reader("pods")
    pods.seen(pod("worker-x"), 1.0)
    [row] = pods.gone("worker-x", 2.0)
    assert (row["phase"], row["said_unix_s"], row["node"]) == ("gone", None, "node-1")
    assert pods.gone("worker-x", 3.0) == []
    assert pods.names() == []


def test_all_kinds_are_chosen_by_the_label_of_the_service():
    assert "serving.knative.dev/service" in LABELS
    assert [each.resource.plural for each in WATCHED] == [
        "podautoscalers",
        "serverlessservices",
        "deployments",
        "pods",
        "revisions",
    ]
