import pytest

from experiment.sweep.cluster.initial_state import (
    BadInitialState,
    InitialState,
    Seen,
    check_possible,
    is_reached,
    memory_s,
    parse_initial_state,
    resting_state,
)

MIN_SCALE = "autoscaling.knative.dev/min-scale"
MEMORY_S = 65.0


def seen(desired=0, ready=0, others=0, quiet_s=0.0, is_new=False):
    return Seen(desired, ready, others, quiet_s, is_new)


def template(**annotations):
    named = {
        f"autoscaling.knative.dev/{key.replace('_', '-')}": v for key, v in annotations.items()
    }
    return {"metadata": {"annotations": named}}


@pytest.mark.parametrize("text", ["zero", "new-revision", "1 ready", "12 ready"])
def test_a_state_is_told_as_it_is_typed(text):
    assert str(parse_initial_state(text)) == text


@pytest.mark.parametrize("text", ["", "0 ready", "ready", "two ready", "ZERO", "-1 ready"])
def test_any_other_text_is_refused_with_what_is_valid(text):
    with pytest.raises(BadInitialState, match="valid: zero, N ready"):
        parse_initial_state(text)


@pytest.mark.parametrize(
    ("what", "holds"),
    [
        (seen(), True),
        (seen(desired=None), True),
        (seen(ready=1), False),
        (seen(others=1), False),
        (seen(desired=1), False),
    ],
)
def test_zero_is_no_pod_and_none_wanted(what, holds):
    assert is_reached(parse_initial_state("zero"), what, MEMORY_S) == holds


@pytest.mark.parametrize(
    ("what", "holds"),
    [
        (seen(2, 2, quiet_s=65), True),
        (seen(2, 2, quiet_s=64.9), False),
        (seen(2, 2, is_new=True), True),
        (seen(2, 1, quiet_s=100), False),
        (seen(3, 2, quiet_s=100), False),
        (seen(2, 3, quiet_s=100), False),
        (seen(2, 2, others=1, quiet_s=100), False),
        (seen(None, 2, quiet_s=100), True),
    ],
)
def test_so_many_ready_is_stable_once_earlier_calls_are_forgotten(what, holds):
    assert is_reached(parse_initial_state("2 ready"), what, MEMORY_S) == holds


@pytest.mark.parametrize(
    ("what", "holds"),
    [
        (seen(1, 1, is_new=True), True),
        (seen(1, 1, is_new=False, quiet_s=1e4), False),
        (seen(1, 0, is_new=True), False),
        (seen(1, 1, others=2, is_new=True), False),
    ],
)
def test_a_new_revision_is_ready_alone_and_never_had_a_call(what, holds):
    assert is_reached(parse_initial_state("new-revision"), what, MEMORY_S) == holds


@pytest.mark.parametrize(
    ("annotations", "seconds"), [({}, 65.0), ({"window": "6s"}, 11.0), ({"window": "1m30s"}, 95.0)]
)
def test_the_autoscaler_remembers_its_window_and_a_little_more(annotations, seconds):
    annotations = template(**annotations)["metadata"]["annotations"]
    assert memory_s(annotations, "1m0s") == seconds


@pytest.mark.parametrize(
    ("state", "annotations"),
    [
        ("zero", {"min_scale": "0"}),
        ("zero", {}),
        ("2 ready", {"min_scale": "2"}),
        ("new-revision", {"min_scale": "7"}),
        ("new-revision", {}),
    ],
)
def test_a_state_that_the_settings_lead_to_is_taken(state, annotations):
    check_possible(parse_initial_state(state), template(**annotations), "a")


@pytest.mark.parametrize(
    ("state", "made", "said"),
    [
        (
            "zero",
            template(min_scale="2"),
            "never fewer than 2 (min-scale, class), so the initial state 'zero'",
        ),
        ("zero", template(minScale="2"), "never fewer than 2"),
        ("zero", template(**{"class": "hpa.autoscaling.knative.dev"}), "never fewer than 1"),
        ("2 ready", {}, f'valid: {MIN_SCALE}: "2"'),
        ("2 ready", template(min_scale="3"), "min-scale is 3, so 2 ready would not last"),
    ],
)
def test_a_state_that_the_settings_never_lead_to_is_refused(state, made, said):
    with pytest.raises(BadInitialState) as refused:
        check_possible(parse_initial_state(state), made, "warm")
    assert str(refused.value).startswith("arm 'warm': ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("made", "state"),
    [
        ({}, "zero"),
        (template(min_scale="0"), "zero"),
        (template(min_scale="3"), "3 ready"),
        (template(**{"class": "hpa.autoscaling.knative.dev"}), "1 ready"),
    ],
)
def test_without_a_stated_one_a_run_finds_the_service_where_it_rests(made, state):
    assert str(resting_state(made)) == state
    check_possible(resting_state(made), made, "a")


def test_a_state_has_a_number_of_pods_only_where_it_says_one():
    assert parse_initial_state("zero") == InitialState("zero", 0)
