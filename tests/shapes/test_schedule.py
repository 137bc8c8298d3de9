import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes.errors import InvalidValue
from shapes.rate_log import RateLog, RateSegment
from shapes.schedule import Schedule
from tests.shapes.strategies import EVERYTHING, LAWS, constant_plan, plans, rates_rps


def all_of(plan):
    arrivals = Schedule(plan).arrivals(0, EVERYTHING)
    assert arrivals.k.size < EVERYTHING, "the oracle must hold every arrival"
    return arrivals


def test_one_a_second_for_five_seconds_is_five_arrivals_from_zero_on():
    arrivals = all_of(constant_plan("uniform", 1.0, 5.0))
    assert arrivals.k.tolist() == [0, 1, 2, 3, 4]
    assert arrivals.intended_s.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("rate_rps", "duration_s", "count"),
    [
        (0.1, 35.0, 4),
        (7.0, 10.0, 70),
        (10.5, 10.0, 105),
        (1500.0, 10.0, 15_000),
        (1e6, 0.01, 10_000),
    ],
)
def test_equidistant_arrivals_are_right_at_odd_rates(rate_rps, duration_s, count):
    plan = constant_plan("uniform", rate_rps, duration_s)
    found = all_of(plan).intended_s
    assert found.tolist() == [k / rate_rps for k in range(count)]
    assert Schedule(plan).planned_before(duration_s) == count


@given(plans())
def test_arrivals_are_in_order_within_the_plan_and_numbered_from_zero(plan):
    arrivals = all_of(plan)
    assert arrivals.k.tolist() == list(range(arrivals.k.size))
    assert np.all(np.diff(arrivals.intended_s) >= 0)
    assert np.all((arrivals.intended_s >= 0) & (arrivals.intended_s < plan.end_s))


@given(plans(), st.floats(-1.0, 30.0))
def test_counts_agree_exactly_with_the_arrivals(plan, t_s):
    schedule, intended_s = Schedule(plan), all_of(plan).intended_s
    assert schedule.planned_before(t_s) == np.count_nonzero(intended_s < t_s)
    assert schedule.first_k_at(t_s) == np.searchsorted(intended_s, t_s, side="left")
    assert schedule.planned_before(plan.end_s) == intended_s.size


@given(plans(), st.data(), st.sampled_from([-1, 0, 1]))
def test_counts_agree_on_the_very_bit_of_an_arrival(plan, data, step):
    schedule, intended_s = Schedule(plan), all_of(plan).intended_s
    if not intended_s.size:
        return
    t_s = float(intended_s[data.draw(st.integers(0, intended_s.size - 1))])
    t_s = math.nextafter(t_s, math.inf * step) if step else t_s
    assert schedule.planned_before(t_s) == np.count_nonzero(intended_s < t_s)


@given(plans(), st.data(), st.sampled_from([-1, 0, 1]))
def test_a_plan_that_ends_on_the_very_bit_of_an_arrival_ends_there(plan, data, step):
    intended_s = all_of(plan).intended_s[1:]
    if not intended_s.size:
        return
    end_s = float(intended_s[data.draw(st.integers(0, intended_s.size - 1))])
    end_s = math.nextafter(end_s, math.inf * step) if step else end_s
    if end_s <= 0:
        return
    expected = all_of(plan).intended_s
    assert all_of(plan.with_stop(end_s)).intended_s.tolist() == expected[expected < end_s].tolist()


@given(plans(), st.integers(0, 3000), st.integers(0, 500))
def test_any_part_is_that_part_of_the_whole(plan, first_k, count):
    whole, part = all_of(plan), Schedule(plan).arrivals(first_k, count)
    assert part.k.tolist() == whole.k[first_k : first_k + count].tolist()
    assert part.intended_s.tolist() == whole.intended_s[first_k : first_k + count].tolist()


@given(plans(), st.floats(0.0, 25.0), rates_rps, st.one_of(st.none(), st.floats(0.5, 50.0)))
def test_an_edit_leaves_every_arrival_before_it_and_has_none_twice(plan, at_s, to_rps, ramp):
    before, after = (
        all_of(plan).intended_s,
        all_of(plan.with_rate_edit(at_s, to_rps, ramp)).intended_s,
    )
    kept = np.count_nonzero(before < at_s)
    assert after[:kept].tolist() == before[:kept].tolist()
    assert np.all(after[kept:] >= at_s)


@given(plans(), st.lists(st.tuples(st.floats(0.0, 25.0), st.floats(0.0, 1.2)), max_size=5))
def test_any_number_of_scalings_leaves_what_was_before_each(plan, edits):
    for at_s, factor in sorted(edits):
        before = all_of(plan).intended_s
        plan = plan.with_scale(at_s, factor)
        kept = np.count_nonzero(before < at_s)
        after = Schedule(plan).arrivals(0, kept + 1).intended_s
        assert after[:kept].tolist() == before[:kept].tolist()
        assert np.all(after[kept:] >= at_s)


@pytest.mark.parametrize("law", LAWS)
def test_one_seed_at_two_rates_is_one_process_on_two_scales(law):
    slow, fast = (all_of(constant_plan(law, rate, 50.0)).intended_s for rate in (10.0, 20.0))
    assert (fast[: slow.size] * 2).tolist() == slow.tolist()


@pytest.mark.parametrize("law", LAWS)
def test_an_idle_stretch_only_moves_what_comes_after_it(law):
    busy = constant_plan(law, 10.0, 20.0)
    idle = replace(
        busy,
        duration_s=25.0,
        rates=RateLog((RateSegment(0.0, 10.0), RateSegment(8.0, 0.0), RateSegment(13.0, 10.0))),
    )
    moved = all_of(busy).intended_s
    moved = np.where(moved < 8.0, moved, moved + 5.0)
    assert all_of(idle).intended_s == pytest.approx(moved, abs=1e-8)


def test_a_rate_that_stops_for_good_ends_the_arrivals_of_an_endless_plan():
    plan = replace(
        constant_plan("uniform", 2.0, None),
        rates=RateLog((RateSegment(0.0, 2.0), RateSegment(2.0, 0.0))),
    )
    assert all_of(plan).intended_s.tolist() == [0.0, 0.5, 1.0, 1.5]
    assert Schedule(plan).planned_before(math.inf) == 4


def test_the_arrivals_of_an_endless_plan_cannot_be_counted_but_those_before_a_time_can():
    schedule = Schedule(constant_plan("poisson", 2.0, None))
    with pytest.raises(ValueError, match="cannot be counted"):
        schedule.planned_before(math.inf)
    assert schedule.planned_before(10.0) == np.count_nonzero(
        schedule.arrivals(0, 100).intended_s < 10.0
    )


@pytest.mark.parametrize("law", ["uniform", "poisson"])
def test_an_endless_plan_says_where_its_numbers_end(law):
    schedule = Schedule(constant_plan(law, 1e6, None))
    assert schedule.arrivals(4_600_000_000, 10).k.size == 10
    with pytest.raises(InvalidValue, match=r"at most 4\.61e"):
        schedule.arrivals(4_700_000_000, 10)


@pytest.mark.parametrize(("first_k", "count"), [(-1, 5), (0, -1)])
def test_arrivals_before_the_first_cannot_be_asked_for(first_k, count):
    with pytest.raises(ValueError, match="valid: both at least 0"):
        Schedule(constant_plan("uniform", 1.0, 5.0)).arrivals(first_k, count)


@pytest.mark.parametrize("law", LAWS)
def test_asking_past_the_end_gives_nothing(law):
    schedule = Schedule(constant_plan(law, 10.0, 5.0))
    assert schedule.arrivals(1000, 10).k.size == 0
    assert schedule.arrivals(0, 0).k.size == 0
    assert schedule.arrivals(0, 10**12).k.size == schedule.planned_before(5.0)


@pytest.mark.parametrize("law", LAWS)
def test_a_long_stretch_is_the_short_ones_it_is_made_of(law):
    schedule = Schedule(constant_plan(law, 1000.0, None))
    whole = schedule.arrivals(7, 150_000)
    parts = [schedule.arrivals(7 + first, 30_000) for first in range(0, 150_000, 30_000)]
    assert whole.intended_s.tolist() == np.concatenate([p.intended_s for p in parts]).tolist()
