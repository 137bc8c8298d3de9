import copy

import pytest

from experiment.sweep.cluster.arm_settings import BadArm, check_settings, template_of
from records.sweeps import Arm

TARGET = "autoscaling.knative.dev/target"
MIN_SCALE = "autoscaling.knative.dev/min-scale"
TEMPLATE = {
    "metadata": {"annotations": {TARGET: "1"}},
    "spec": {
        "containerConcurrency": 1,
        "timeoutSeconds": 60,
        "containers": [
            {"name": "logs", "image": "logs:1"},
            {"name": "worker", "image": "worker:1", "ports": [{"name": "h2c"}]},
        ],
    },
}


def under(**settings):
    return template_of(TEMPLATE, Arm("a", settings))


def test_an_arm_without_settings_is_the_service_as_it_is():
    assert under() == TEMPLATE


def test_what_is_under_load_is_left_as_it_was_given():
    kept = copy.deepcopy(TEMPLATE)
    under(containerConcurrency=5, annotations={TARGET: "3"}, image="worker:2")
    assert kept == TEMPLATE


def test_fields_of_the_revision_are_set_by_their_names():
    spec = under(containerConcurrency=10, timeoutSeconds=30)["spec"]
    assert (spec["containerConcurrency"], spec["timeoutSeconds"]) == (10, 30)


@pytest.mark.parametrize(("given", "text"), [(3, "3"), (True, "true"), (0.5, "0.5"), ("3", "3")])
def test_annotations_are_texts_whatever_the_file_made_of_them(given, text):
    assert under(annotations={TARGET: given})["metadata"]["annotations"] == {TARGET: text}


def test_an_annotation_is_added_beside_those_that_are_there():
    window = "autoscaling.knative.dev/window"
    found = under(annotations={window: "30s"})["metadata"]["annotations"]
    assert found == {TARGET: "1", window: "30s"}


def test_null_takes_a_setting_away():
    found = under(annotations={TARGET: None}, timeoutSeconds=None)
    assert found["metadata"]["annotations"] == {}
    assert "timeoutSeconds" not in found["spec"]


@pytest.mark.parametrize(
    "settings",
    [
        {"resources": {"limits": {"cpu": "2"}}},
        {"container": {"resources": {"limits": {"cpu": "2"}}}},
    ],
)
def test_resources_are_those_of_the_container_that_serves(settings):
    logs, worker = under(**settings)["spec"]["containers"]
    assert worker["resources"] == {"limits": {"cpu": "2"}}
    assert (worker["image"], logs) == ("worker:1", TEMPLATE["spec"]["containers"][0])


def test_a_revision_that_has_a_name_of_its_own_loses_it_where_something_changes():
    named = copy.deepcopy(TEMPLATE)
    named["metadata"]["name"] = "worker-v1"
    assert template_of(named, Arm("same", {}))["metadata"]["name"] == "worker-v1"
    assert "name" not in template_of(named, Arm("a", {"timeoutSeconds": 5}))["metadata"]


def test_a_template_without_metadata_can_be_annotated():
    bare = {"spec": TEMPLATE["spec"]}
    found = template_of(bare, Arm("a", {"annotations": {TARGET: 2}}))
    assert found["metadata"]["annotations"] == {TARGET: "2"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"containers": []}, "'containers' cannot be set; valid: annotations"),
        ({"traffic": []}, "'traffic' cannot be set"),
        ({"annotations": ["x"]}, "annotations must be names and values, not ['x']"),
        (
            {"annotations": {"autoscaling.knative.dev/min-scal": "1"}},
            "there is no annotation 'autoscaling.knative.dev/min-scal'; valid: " + MIN_SCALE,
        ),
        ({"annotations": {"target": "1"}}, "no annotation 'target'; valid: " + TARGET),
        ({"annotations": {"autoscaling.knative.dev/zzz": 1}}, "with activation-scale, class"),
    ],
)
def test_what_no_service_takes_is_refused_in_one_line(settings, said):
    with pytest.raises(BadArm) as refused:
        check_settings(Arm("fast", settings))
    assert said in str(refused.value)
    assert str(refused.value).startswith("arm 'fast': ")
    assert "\n" not in str(refused.value)


def test_annotations_of_others_are_their_own_business():
    check_settings(Arm("a", {"annotations": {"prometheus.io/scrape": "true"}}))
