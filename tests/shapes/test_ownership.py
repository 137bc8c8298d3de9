"""Whose each arrival is: between them the members send every arrival once, none twice."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from shapes.plan import MemberChange
from shapes.schedule import Schedule
from tests.shapes.strategies import EVERYTHING, LAWS, constant_plan, member_changes, plans


def shares(plan):
    """Each member's arrivals, computed by itself and asked for piece by piece, as (k, time)."""
    names = {name for change in plan.members for name in change.ids}
    return {name: share(plan, name) for name in names}


def share(plan, member, piece=997):
    schedule, mine = Schedule(plan), []
    for first_k in range(0, EVERYTHING, piece):
        arrivals = schedule.arrivals(first_k, min(piece, EVERYTHING - first_k))
        owned = schedule.owned(arrivals, member)
        mine += zip(arrivals.k[owned].tolist(), arrivals.intended_s[owned].tolist(), strict=True)
        if not arrivals.k.size:
            return mine
    raise AssertionError("the oracle must reach the plan's end")


def merged(plan):
    return sorted(arrival for mine in shares(plan).values() for arrival in mine)


def planned(plan):
    whole = Schedule(plan).arrivals(0, EVERYTHING)
    assert whole.k.size < EVERYTHING, "the oracle must hold every arrival"
    return list(zip(whole.k.tolist(), whole.intended_s.tolist(), strict=True))


def with_members(plan, count):
    return replace(plan, members=(MemberChange(0.0, tuple(f"m{i}" for i in range(count))),))


@pytest.mark.parametrize("members", [1, 2, 3, 7])
@given(plan=plans())
def test_any_number_of_members_sends_the_same_arrivals(plan, members):
    assert merged(with_members(plan, members)) == planned(plan)


@given(plans(), member_changes())
def test_nothing_is_lost_or_doubled_while_members_join_and_leave(plan, members):
    assert merged(replace(plan, members=members)) == planned(plan)


@given(plans(), member_changes(), st.floats(0.0, 20.0), st.floats(0.0, 100.0))
def test_nothing_is_lost_or_doubled_when_the_rate_is_edited_too(plan, members, at_s, to_rps):
    plan = replace(plan, members=members).with_rate_edit(at_s, to_rps, 20.0)
    assert merged(plan) == planned(plan)


@given(plans(), member_changes(), st.floats(20.0, 25.0))
def test_a_change_of_members_leaves_every_arrival_before_it_with_its_owner(plan, members, at_s):
    old = replace(plan, members=members)
    new = old.with_members(at_s, ("newcomer",))
    arrivals = Schedule(old).arrivals(0, EVERYTHING)
    before = np.count_nonzero(arrivals.intended_s < at_s)
    owners = Schedule(new).owners(arrivals).tolist()
    assert owners[:before] == Schedule(old).owners(arrivals).tolist()[:before]
    assert set(owners[before:]) <= {"newcomer"}


@given(plans(), member_changes())
def test_owner_and_owned_agree(plan, members):
    schedule = Schedule(replace(plan, members=members))
    arrivals = schedule.arrivals(0, 2000)
    owners = schedule.owners(arrivals)
    for name in {name for change in members for name in change.ids}:
        assert schedule.owned(arrivals, name).tolist() == [owner == name for owner in owners]


def test_equidistant_arrivals_are_dealt_in_turn():
    schedule = Schedule(with_members(constant_plan("uniform", 10.0, 1.0), 3))
    assert schedule.owners(schedule.arrivals(0, 6)).tolist() == ["m0", "m1", "m2", "m0", "m1", "m2"]


def test_the_members_deal_in_the_order_in_which_they_are_listed():
    plan = replace(
        constant_plan("uniform", 10.0, 1.0), members=(MemberChange(0.0, ("z", "a", "k")),)
    )
    schedule = Schedule(plan)
    assert schedule.owners(schedule.arrivals(0, 4)).tolist() == ["z", "a", "k", "z"]


def test_an_arrival_on_the_moment_of_a_change_belongs_to_the_new_members():
    plan = constant_plan("uniform", 10.0, 1.0).with_members(0.5, ("new",))
    schedule = Schedule(plan)
    owners = schedule.owners(schedule.arrivals(0, 10)).tolist()
    assert owners == ["local"] * 5 + ["new"] * 5


def test_arrivals_without_members_have_no_owner():
    late = (MemberChange(0.25, ("a",)), MemberChange(0.5, ()), MemberChange(0.75, ("b",)))
    schedule = Schedule(replace(constant_plan("uniform", 10.0, 1.0), members=late))
    arrivals = schedule.arrivals(0, 10)
    expected = [None] * 3 + ["a"] * 2 + [None] * 3 + ["b"] * 2
    assert schedule.owners(arrivals).tolist() == expected
    assert schedule.owned(arrivals, "a").tolist() == [owner == "a" for owner in expected]


@pytest.mark.parametrize("law", ["poisson", "uniform-gap", "bursty:3"])
def test_random_laws_are_dealt_evenly_without_pattern(law):
    schedule = Schedule(with_members(constant_plan(law, 100.0, 300.0), 3))
    owners = schedule.owners(schedule.arrivals(0, EVERYTHING))
    counts = [np.count_nonzero(owners == f"m{i}") for i in range(3)]
    assert stats.chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize("members", [2, 3, 7])
def test_each_member_of_a_poisson_run_sends_a_poisson_process_of_its_own(members):
    mine = share(with_members(constant_plan("poisson", 100.0, 200.0), members), "m1")
    gaps = np.diff([intended_s for _, intended_s in mine]) * 100 / members
    assert stats.kstest(gaps, "expon").pvalue > 1e-3


@pytest.mark.parametrize("law", LAWS)
def test_a_stranger_owns_nothing(law):
    schedule = Schedule(constant_plan(law, 10.0, 10.0))
    assert not schedule.owned(schedule.arrivals(0, 100), "stranger").any()
