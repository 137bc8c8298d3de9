"""Patching a Service and putting it back, through the real client of an API that is made here."""

import copy

import pytest

from experiment.sweep.cluster.patched_service import (
    AnotherService,
    ChangedByOthers,
    PatchedService,
)
from experiment.sweep.cluster.service_api import NotTaken
from experiment.sweep.ground import ApiGone, NotPrepared, TargetGone
from records.sweeps.ledger import LedgerEntry
from tests.experiment.sweep.cluster.fake_knative import NAME, PATH, SERVICES, TEMPLATE


def template(**fields):
    made = copy.deepcopy(TEMPLATE)
    made["spec"].update(fields)
    return made


def entries(notes):
    lines = [dict(line) for line in notes]
    return [LedgerEntry(0.0, line.pop("event"), None, line) for line in lines]


@pytest.fixture
def service(service_api):
    begun = PatchedService(service_api)
    begun.begin()
    return begun


@pytest.fixture
def killed(service_api, notes):
    """The same service for a process that has only the ledger."""

    def again():
        made = PatchedService(service_api)
        made.remember(entries(notes))
        return made

    return again


def test_an_arm_is_in_the_ledger_before_it_is_in_the_cluster(service, knative):
    before, seen = copy.deepcopy(knative.spec), []

    def note(event, **fields):
        seen.append((event, fields["before"], fields["patch"], copy.deepcopy(knative.spec)))

    service.apply("slow", template(timeoutSeconds=30), note)
    assert [one[0] for one in seen] == ["arm-applied"]
    assert seen[0][1] == before == seen[0][3]
    patch = seen[0][2]["spec"]["template"]["spec"]
    assert patch == {"timeoutSeconds": 30, "enableServiceLinks": False}
    assert knative.spec["template"]["spec"]["timeoutSeconds"] == 30


def test_what_an_arm_changes_is_told_with_knatives_own_defaults(service, notes):
    told = service.apply("slow", template(timeoutSeconds=30), notes)
    assert told == [
        "spec.template.spec.timeoutSeconds: 60 -> 30",
        "spec.template.spec.enableServiceLinks: nothing -> False",
    ]


def test_an_arm_that_is_in_effect_is_not_patched_again(service, knative, notes):
    service.apply("slow", template(timeoutSeconds=30), notes)
    revisions = knative.revisions
    assert service.apply("slow", template(timeoutSeconds=30), notes) == []
    assert (knative.revisions, notes.events) == (revisions, ["arm-applied"])


def test_an_arm_without_settings_is_noted_and_patches_nothing(service, api, notes):
    assert service.apply("as-is", template(), notes) == []
    assert notes[0]["patch"] == {"spec": {}}
    assert not [verb for verb, _, _ in api.asked if verb == "PATCH"]


def test_every_arm_is_laid_over_what_was_there_before_the_sweep(service, knative, notes):
    service.apply("slow", template(timeoutSeconds=30), notes)
    service.apply("wide", template(containerConcurrency=10), notes)
    found = knative.spec["template"]["spec"]
    assert (found["timeoutSeconds"], found["containerConcurrency"]) == (60, 10)
    assert [line["before"] for line in notes] == [service.before] * 2


def test_a_restored_service_is_as_it_was_but_for_knatives_defaults(service, knative, notes):
    before = copy.deepcopy(knative.spec)
    service.apply("slow", template(timeoutSeconds=30), notes)
    told = service.restore(notes)
    assert told == ["spec.template.spec.timeoutSeconds: 30 -> 60"]
    del knative.spec["template"]["spec"]["enableServiceLinks"]
    assert knative.spec == before
    assert notes.events == ["arm-applied", "arm-restored"]


def test_restoring_twice_is_restoring_once(service, knative, notes):
    service.apply("slow", template(timeoutSeconds=30), notes)
    service.restore(notes)
    revisions = knative.revisions
    assert service.restore(notes) == []
    assert (knative.revisions, notes.events[-1]) == (revisions, "arm-restored")


def test_what_a_killed_sweep_has_set_is_restored_from_the_ledger(service, knative, notes, killed):
    service.apply("slow", template(timeoutSeconds=30), notes)
    killed().restore(notes)
    assert knative.spec["template"]["spec"]["timeoutSeconds"] == 60


def test_a_sweep_killed_between_ledger_and_patch_has_nothing_to_restore(
    service, knative, notes, killed
):
    def die(event, **fields):
        notes(event, **fields)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.apply("slow", template(timeoutSeconds=30), die)
    revisions = knative.revisions
    killed().restore(notes)
    assert (knative.revisions, notes.events) == (revisions, ["arm-applied", "arm-restored"])


@pytest.mark.parametrize("act", ["apply", "restore", "check_untouched"])
def test_what_somebody_else_has_changed_is_left_as_it_is_and_said_in_one_line(
    service, knative, notes, act
):
    service.apply("slow", template(timeoutSeconds=30), notes)
    knative.edit(timeoutSeconds=45)
    spec = copy.deepcopy(knative.spec)
    acts = {
        "apply": lambda: service.apply("wide", template(containerConcurrency=9), notes),
        "restore": lambda: service.restore(notes),
        "check_untouched": service.check_untouched,
    }
    with pytest.raises(ChangedByOthers) as refused:
        acts[act]()
    said = "shop/quote was changed by somebody else (spec.template.spec.timeoutSeconds: 30 -> 45)"
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)
    assert knative.spec == spec


def test_a_killed_sweep_does_not_overwrite_what_was_changed_since(service, knative, notes, killed):
    service.apply("slow", template(timeoutSeconds=30), notes)
    knative.edit(timeoutSeconds=45)
    with pytest.raises(ChangedByOthers):
        killed().restore(notes)
    assert knative.spec["template"]["spec"]["timeoutSeconds"] == 45


def test_somebody_who_has_put_it_back_meanwhile_has_done_no_harm(service, knative, notes, killed):
    service.apply("slow", template(timeoutSeconds=30), notes)
    knative.edit(timeoutSeconds=60)
    del knative.spec["template"]["spec"]["enableServiceLinks"]
    killed().restore(notes)
    assert notes.events[-1] == "arm-restored"


def test_a_sweep_that_goes_on_wants_the_service_as_it_began_with_it(
    service, knative, notes, killed
):
    service.apply("slow", template(timeoutSeconds=30), notes)
    service.restore(notes)
    killed().begin()
    knative.edit(timeoutSeconds=61)
    with pytest.raises(ChangedByOthers, match=r"timeoutSeconds: 60 -> 61.*set it back, or begin"):
        killed().begin()


def test_a_restored_service_with_knatives_defaults_is_known_to_who_goes_on(
    service, knative, notes, killed
):
    service.apply("slow", template(timeoutSeconds=30), notes)
    service.restore(notes)
    assert "enableServiceLinks" in knative.spec["template"]["spec"]
    assert "enableServiceLinks" not in service.before["template"]["spec"]

    def die(event, **fields):
        notes(event, **fields)
        raise KeyboardInterrupt

    again = killed()
    again.begin()
    with pytest.raises(KeyboardInterrupt):
        again.apply("wide", template(containerConcurrency=10), die)
    killed().restore(notes)
    assert notes.events[-1] == "arm-restored"


def test_a_sweep_does_not_go_on_with_another_service(notes, service, service_api):
    service.apply("as-is", template(), notes)
    notes[0]["service"] = "shop/other"
    with pytest.raises(AnotherService, match=r"of shop/other, not of shop/quote"):
        PatchedService(service_api).remember(entries(notes))


def test_a_status_that_knative_writes_meanwhile_is_no_conflict(service, api, knative, notes):
    react = api.reacts
    touches = []

    def touched_first(path, before, after):
        if len(touches) < 2:
            touches.append(1)
            knative.touch()
            return {"kind": "Status", "code": 409, "message": "it has been modified"}
        return react(path, before, after)

    service.apply("as-is", template(), notes)
    after = {**service.before, "template": template(timeoutSeconds=30)}
    service.known.append(after)
    api.reacts = touched_first
    service._make(after)
    assert knative.spec["template"]["spec"]["timeoutSeconds"] == 30


def test_endless_conflicts_end(service, api, notes):
    service.apply("slow", template(timeoutSeconds=30), notes)
    api.reacts = lambda *_: {"kind": "Status", "code": 409, "message": "it has been modified"}
    with pytest.raises(NotPrepared, match="changes faster than it can be patched"):
        service.restore(notes)


def test_settings_that_the_webhook_refuses_are_refused_before_the_ledger_knows(
    service, knative, notes
):
    knative.refuses[-1] = "validation failed: expected 0 <= -1 <= 1000: containerConcurrency"
    with pytest.raises(NotTaken, match="expected 0 <= -1 <= 1000: containerConcurrency"):
        service.apply("bad", template(containerConcurrency=-1), notes)
    assert notes == []


def test_a_service_that_is_gone_is_named(service, api, notes):
    service.apply("slow", template(timeoutSeconds=30), notes)
    api.remove(SERVICES, NAME)
    with pytest.raises(TargetGone, match="there is no Knative Service shop/quote"):
        service.restore(notes)


def test_an_api_that_is_gone_is_named_and_its_arm_stays_to_be_restored(service, api, notes):
    service.apply("slow", template(timeoutSeconds=30), notes)
    api.refuse(PATH, 503, "starting")
    with pytest.raises(ApiGone, match="starting; asked again for"):
        service.restore(notes)
    api.refusals.clear()
    assert service.restore(notes)


def test_without_permission_the_role_is_named(service, api, notes):
    api.refuse(PATH, 403)
    with pytest.raises(NotTaken, match="bind the Role `experimenter`"):
        service.apply("slow", template(timeoutSeconds=30), notes)
