from dataclasses import replace

import pytest

from openloop.config import read_config
from openloop.plan_making import LEAD_S, edit_rate, first_plan
from openloop.planned_spins import PlannedSpins
from openloop.targets import Target
from shapes.schedule import Schedule
from tests.openloop.fakes import options


def plan_for(**given):
    config = read_config(options(**given))
    return config, first_plan(config, run_id="r", seed=1, members=("local",), request={})


@pytest.mark.parametrize("rps", ["0.1", "7", "10.5", "1500"])
def test_a_rate_is_planned_as_given(rps):
    _, plan = plan_for(rps=rps, duration="100s")
    assert Schedule(plan).planned_before(100.0) == pytest.approx(float(rps) * 100, abs=1)


def test_a_spawn_rate_below_the_rate_is_a_ramp_from_nothing():
    _, plan = plan_for(num_users=10, spawn_rate=1.0, duration="20s")
    assert [plan.rates.rate_at(t) for t in (0.0, 5.0, 10.0, 15.0)] == [0.0, 5.0, 10.0, 10.0]


def test_an_edit_takes_effect_after_the_lead_with_its_ramp():
    config, plan = plan_for(rps="40")
    edited = edit_rate(plan, config, Target(40, 10.0), Target(80, 10.0), now_s=5.0)
    start_s = 5.0 + LEAD_S
    assert edited.rates.rate_at(start_s - 0.01) == 40.0
    assert edited.rates.rate_at(start_s + 2.0) == pytest.approx(60.0)
    assert edited.rates.rate_at(start_s + 10.0) == 80.0


def test_an_edit_scales_what_a_rate_profile_says():
    config, plan = plan_for(rate_profile="ramp:0,40,100s")
    edited = edit_rate(plan, config, Target(40, 1.0), Target(80, 1.0), now_s=9.0)
    assert edited.rates.rate_at(5.0) == plan.rates.rate_at(5.0)
    assert edited.rates.rate_at(50.0) == pytest.approx(2 * plan.rates.rate_at(50.0))


def test_users_stand_for_the_rate_they_were_given():
    config, plan = plan_for(num_users=10, rps_per_user="0.5", spawn_rate=10.0)
    edited = edit_rate(plan, config, Target(10, 100.0), Target(20, 100.0), now_s=0.0)
    assert plan.rates.rate_at(0.5) == 5.0
    assert edited.rates.rate_at(5.0) == 10.0


def test_a_profile_scaled_to_nothing_can_be_scaled_up_again():
    config, plan = plan_for(rate_profile="ramp:0,40,100s")
    idle = edit_rate(plan, config, Target(40, 1.0), Target(0, 1.0), now_s=9.0)
    back = edit_rate(idle, config, Target(0, 1.0), Target(40, 1.0), now_s=19.0)
    assert idle.rates.rate_at(50.0) == 0.0
    assert back.rates.rate_at(15.0) == 0.0
    assert back.rates.rate_at(50.0) == pytest.approx(plan.rates.rate_at(50.0))


def test_a_burst_profile_repeats_for_the_whole_run():
    _, plan = plan_for(rate_profile="burst:1,10,2s,1s", duration="3h")
    starts_s = range(0, 3 * 3600, 600)
    assert {plan.rates.rate_at(start_s + 0.5) for start_s in starts_s} == {1.0}
    assert {plan.rates.rate_at(start_s + 1.5) for start_s in starts_s} == {10.0}


def test_a_plan_of_a_trace_that_knows_the_work_of_every_call_asks_for_no_one_spin(tmp_path):
    trace = tmp_path / "calls.csv"
    for text, spin in (("0,0.2\n1,0.3\n", ""), ("0\n1\n", "100ms")):
        trace.write_text(text)
        config = read_config(options(rate_profile=f"trace:{trace}"))
        asked = {"spin": "100ms", "host": "x:1"}
        plan = first_plan(config, run_id="r", seed=1, members=("m",), request=asked)
        assert (plan.law, plan.duration_s, plan.request["spin"]) == ("trace", 2.0, spin)


def test_the_work_of_a_trace_is_looked_up_by_arrival(tmp_path):
    trace = tmp_path / "calls.csv"
    trace.write_text("".join(f"{k},{k / 1000}\n" for k in range(2000)))
    config = read_config(options(rate_profile=f"trace:{trace}"))
    plan = first_plan(config, run_id="r", seed=1, members=("m",), request={})
    spins = PlannedSpins(plan)
    assert [spins.of(k) for k in (0, 7, 1999, 3, 1500)] == [0.0, 0.007, 1.999, 0.003, 1.5]
    assert spins.of(2000) is None
    assert PlannedSpins(replace(plan, law="uniform", trace=None)).of(0) is None
