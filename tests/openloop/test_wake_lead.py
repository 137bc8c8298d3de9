import pytest
from hypothesis import given
from hypothesis import strategies as st

from openloop.wake_lead import LONGEST_LEAD_S, WATCHED_SHARE, WakeLead

GAPS_S = st.lists(st.floats(0, 10), min_size=1, max_size=100)


def leads_s(gaps_s):
    """The leads of waits for moments with these gaps, from zero on."""
    lead, due_s, leads = WakeLead(), 0.0, []
    for gap_s in (0.0, *gaps_s):
        due_s += gap_s
        leads.append(due_s - lead.wake_s(due_s))
    return leads


@given(GAPS_S)
def test_one_wakes_up_at_the_moment_or_up_to_half_a_millisecond_before(gaps_s):
    assert all(-1e-12 < lead_s <= LONGEST_LEAD_S + 1e-9 for lead_s in leads_s(gaps_s))


@given(GAPS_S)
def test_no_more_than_a_tenth_of_the_time_is_watched(gaps_s):
    assert sum(leads_s(gaps_s)) <= WATCHED_SHARE * sum(gaps_s) + 1e-6


def test_the_first_moment_is_slept_for():
    assert WakeLead().wake_s(5.0) == 5.0


@pytest.mark.parametrize(("rate_rps", "lead_s"), [(50, 5e-4), (500, 2e-4), (5000, 2e-5)])
def test_the_lead_is_a_tenth_of_the_gap_with_a_limit(rate_rps, lead_s):
    assert leads_s([1 / rate_rps] * 100)[-1] == pytest.approx(lead_s, rel=0.01)


def test_waiting_anew_for_the_same_moment_changes_nothing():
    lead = WakeLead()
    lead.wake_s(1.0)
    before_s = lead.wake_s(1.1)
    assert [lead.wake_s(1.1) for _ in range(50)] == [before_s] * 50
