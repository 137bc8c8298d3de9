import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.errors import InvalidValue
from shapes.plan import InvalidPlan, MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from tests.shapes.strategies import constant_plan, member_changes, plans

PLAN = replace(
    constant_plan("poisson", 10.0, 60.0),
    request={"spin": "100ms", "host": None, "n": 3, "on": True},
)


@given(plans(), member_changes())
def test_a_plan_survives_a_message(plan, members):
    plan = replace(plan, members=members)
    message = json.loads(json.dumps(plan.to_dict()))
    assert Plan.from_dict(message) == plan
    assert Plan.from_dict(message).to_dict() == plan.to_dict()


@given(plans())
def test_a_plan_and_the_one_read_from_its_message_have_one_digest(plan):
    assert Plan.from_dict(json.loads(json.dumps(plan.to_dict()))).digest(0) == plan.digest(0)


def test_a_plan_written_in_whole_numbers_has_the_digest_of_the_one_read_back():
    whole = replace(
        PLAN, duration_s=60, epoch_s=3, rates=RateLog((RateSegment(0, 10),)), warm_up_s=4
    )
    assert Plan.from_dict(whole.to_dict()).digest(0) == whole.digest(0)


@pytest.mark.parametrize(
    "change",
    [{"seed": 2}, {"law": "uniform"}, {"version": 1}, {"request": {"spin": "1s"}}, {"stop_s": 5.0}],
    ids=lambda change: next(iter(change)),
)
def test_any_difference_of_plans_changes_the_digest(change):
    assert replace(PLAN, **change).digest(0) != PLAN.digest(0)


def test_the_digest_covers_the_arrivals_where_it_is_taken():
    assert PLAN.digest(0) == PLAN.digest(0)
    assert PLAN.digest(0) != PLAN.digest(5)


def test_digests_never_change():
    assert PLAN.digest(100) == ("549b823825bf3b9f8f7325dbec38e6380b5afdf75cf2d8bc9b44e04f1bc3ebc0")


@pytest.mark.parametrize(
    ("duration_s", "stop_s", "end_s"),
    [
        (None, None, math.inf),
        (60.0, None, 60.0),
        (60.0, 5.0, 5.0),
        (5.0, 60.0, 5.0),
        (None, 7.0, 7.0),
    ],
)
def test_a_plan_ends_with_its_duration_or_its_stop(duration_s, stop_s, end_s):
    assert replace(PLAN, duration_s=duration_s, stop_s=stop_s).end_s == end_s


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: plan.with_rate_edit(5.0, 20.0, None),
        lambda plan: plan.with_rate_edit(5.0, 20.0, 1.0),
        lambda plan: plan.with_scale(5.0, 2.0),
        lambda plan: plan.with_members(5.0, ("a", "b")),
        lambda plan: plan.with_stop(5.0),
    ],
    ids=["rate", "ramp", "scale", "members", "stop"],
)
def test_each_change_makes_the_next_version_and_leaves_the_old_one(change):
    before = PLAN.to_dict()
    assert change(PLAN).version == PLAN.version + 1
    assert PLAN.to_dict() == before
    assert replace(change(PLAN), version=PLAN.version) != PLAN


def test_an_edit_of_the_rate_can_follow_another_even_within_its_ramp():
    plan = PLAN.with_rate_edit(5.0, 100.0, 1.0).with_rate_edit(7.0, 20.0, None)
    assert plan.rates.rate_at(7.0) == 20
    assert plan.rates.rate_at(6.0) == 11


@pytest.mark.parametrize(
    ("first", "late"),
    [
        (lambda plan: plan.with_rate_edit(5.0, 9.0), lambda plan: plan.with_rate_edit(4.9, 9.0)),
        (lambda plan: plan.with_rate_edit(5.0, 9.0), lambda plan: plan.with_scale(4.9, 2.0)),
        (lambda plan: plan.with_scale(5.0, 2.0), lambda plan: plan.with_rate_edit(4.9, 9.0)),
        (lambda plan: plan.with_members(5.0, ("a",)), lambda plan: plan.with_members(4.9, ("b",))),
    ],
    ids=["rate-rate", "rate-scale", "scale-rate", "members"],
)
def test_a_change_before_the_last_of_its_log_is_refused(first, late):
    with pytest.raises(ValueError, match=r"valid: from the last one, 5\.0 s"):
        late(first(PLAN))


def test_members_changed_twice_at_one_time_are_those_of_the_second_change():
    plan = PLAN.with_members(5.0, ("a",)).with_members(5.0, ("b",))
    assert plan.members == (MemberChange(0.0, ("local",)), MemberChange(5.0, ("b",)))


def test_a_stop_can_be_moved_forward_and_never_back():
    assert PLAN.with_stop(30.0).with_stop(5.0).stop_s == 5
    assert PLAN.with_stop(5.0).with_stop(30.0).stop_s == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": -1},
        {"seed": 2**64},
        {"seed": 1.5},
        {"seed": True},
        {"law": "posson"},
        {"run_id": ""},
        {"version": -1},
        {"epoch_s": math.nan},
        {"duration_s": 0.0},
        {"duration_s": math.inf},
        {"duration_s": math.nan},
        {"stop_s": -1.0},
        {"warm_up_s": -1.0},
        {"warm_up_s": math.nan},
        {"members": (MemberChange(1.0, ("a",)), MemberChange(1.0, ("b",)))},
        {"members": (MemberChange(-1.0, ("a",)),)},
        {"members": (MemberChange(math.inf, ("a",)),)},
        {"members": (MemberChange(0.0, ("a", "a")),)},
        {"members": (MemberChange(0.0, ("",)),)},
        {"request": {"spin": [1]}},
        {"rates": RateLog((RateSegment(0.0, 1e6),)), "duration_s": 1e5},
    ],
    ids=str,
)
def test_a_plan_that_makes_no_sense_is_refused_in_one_line(wrong):
    with pytest.raises(InvalidPlan, match="valid: ") as error:
        replace(PLAN, **wrong)
    assert "\n" not in str(error.value)


def message(**changes):
    return {**PLAN.to_dict(), **changes}


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        "plan",
        {"format": 1},
        message(format=2),
        message(colour="red"),
        {key: value for key, value in message().items() if key != "seed"},
        message(seed="1"),
        message(version=True),
        message(epoch_s=None),
        message(rates=5),
        message(rates=[[0.0, "x", 0.0]]),
        message(rates=[]),
        message(members=[["a"]]),
        message(members=[[0.0, "a"]]),
        message(members=[[0.0, [1]]]),
        message(members=[5]),
        message(request=[]),
        message(duration_s="60"),
        message(law=5),
    ],
    ids=lambda wrong: str(wrong)[:40],
)
def test_a_message_that_is_no_plan_is_refused(wrong):
    with pytest.raises(InvalidPlan):
        Plan.from_dict(wrong)


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5),
    st.data(),
)
def test_whatever_a_field_holds_a_message_is_a_plan_or_refused(value, data):
    name = data.draw(st.sampled_from(sorted(PLAN.to_dict())))
    try:
        plan = Plan.from_dict(message(**{name: value}))
    except InvalidPlan:
        return
    assert Plan.from_dict(plan.to_dict()) == plan


def test_a_refused_plan_is_a_value_error():
    assert issubclass(InvalidPlan, InvalidValue)
    assert issubclass(InvalidPlan, ValueError)
