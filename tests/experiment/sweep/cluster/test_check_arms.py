import copy

import pytest

from experiment.sweep.cluster.arm_settings import BadArm
from experiment.sweep.cluster.check_arms import AskedOfArms, NotForSweeps, check_arms
from experiment.sweep.cluster.initial_state import BadInitialState, parse_initial_state
from experiment.sweep.cluster.leave import NotAllowed
from records.sweeps import Arm
from tests.experiment.sweep.cluster.fake_knative import MIN_SCALE

AS_IS = Arm("as-is", {})
WIDE = Arm("wide", {"containerConcurrency": 10})
LABEL = "locust-knative/patchable"


@pytest.fixture
def check(service_api, knative):
    def checked(*arms, state=None, allow_patch=False):
        stated = parse_initial_state(state) if state else None
        asked = AskedOfArms(arms, stated, allow_patch)
        service = service_api.read()
        return check_arms(service_api, service, service["spec"], asked)

    return checked


def test_what_each_arm_changes_is_known_and_nothing_is_changed(check, knative):
    before = copy.deepcopy(knative.service)
    told = check(AS_IS, WIDE)
    assert told["as-is"] == []
    assert told["wide"][0] == "spec.template.spec.containerConcurrency: 1 -> 10"
    assert knative.service == before


def test_the_api_is_asked_strictly_so_that_a_misspelt_field_is_no_setting(check, api):
    check(WIDE)
    asked = [query for verb, _, query in api.queries if verb == "PATCH"]
    assert asked == [{"dryRun": "All", "fieldValidation": "Strict"}] * len(asked)
    assert asked


def test_an_arm_that_the_webhook_refuses_is_named_with_its_words(check, knative):
    knative.refuses[10] = "validation failed: expected 0 <= 10 <= 5: spec.containerConcurrency"
    with pytest.raises(BadArm, match=r"^arm 'wide': .*expected 0 <= 10 <= 5"):
        check(AS_IS, WIDE)


def test_a_service_without_the_label_is_not_changed_unless_told(check, api, knative):
    del knative.service["metadata"]["labels"][LABEL]
    with pytest.raises(NotAllowed) as refused:
        check(AS_IS, WIDE)
    assert f"kubectl label ksvc quote -n shop {LABEL}=true, or --allow-patch" in str(refused.value)
    assert check(AS_IS, WIDE, allow_patch=True)["wide"]


def test_a_sweep_that_changes_nothing_needs_neither_label_nor_permission(check, api, knative):
    del knative.service["metadata"]["labels"][LABEL]
    assert check(AS_IS) == {"as-is": []}
    assert not [verb for verb, _, _ in api.asked if verb == "PATCH"]


def test_new_revisions_are_changes_too(check, knative):
    del knative.service["metadata"]["labels"][LABEL]
    with pytest.raises(NotAllowed):
        check(AS_IS, state="new-revision")


def test_permission_to_patch_is_tried_for_an_arm_without_settings_too(check, api):
    check(AS_IS, state="new-revision")
    assert [verb for verb, _, _ in api.asked if verb == "PATCH"]


def test_traffic_that_goes_elsewhere_is_refused(check, knative):
    knative.spec["traffic"] = [{"revisionName": "quote-v1", "percent": 100}]
    with pytest.raises(NotForSweeps, match="sends traffic to quote-v1"):
        check(WIDE)


def test_a_state_is_held_against_every_arms_own_settings(check):
    warm = Arm("warm", {"annotations": {MIN_SCALE: 2}})
    with pytest.raises(BadInitialState, match="arm 'warm': its pods are never fewer than 2"):
        check(AS_IS, warm, state="zero")
    assert check(AS_IS, warm)["warm"] == [
        f"spec.template.metadata.annotations[{MIN_SCALE}]: '0' -> '2'",
        "spec.template.spec.enableServiceLinks: nothing -> False",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            'admission webhook "x" denied the request: validation failed: expected 6s <= 1s',
            "quote in namespace shop: validation failed: expected 6s <= 1s",
        ),
        (
            '"" is invalid: patch: Invalid value: "{' + "x: y" * 2000 + '}": strict decoding '
            'error: unknown field "spec.template.spec.timeoutSecond"',
            'quote in namespace shop: unknown field "spec.template.spec.timeoutSecond"',
        ),
        ("x" * 5000, "xxx..."),
    ],
)
def test_a_refusal_is_short_however_much_kubernetes_says(check, knative, words, said):
    knative.refuses[10] = words
    with pytest.raises(BadArm) as refused:
        check(WIDE)
    assert str(refused.value).endswith(said)
    assert len(str(refused.value)) < 500
