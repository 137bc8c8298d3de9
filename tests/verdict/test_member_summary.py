import json
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapes.plan import MemberChange
from tests.verdict.simulated import SimulatedRun, make_plan, simulate
from verdict.member_summary import MemberSummary
from verdict.run_summary import RunSummary, merge


def totals_of(run: SimulatedRun) -> RunSummary:
    return merge(run.summaries(), run.plan.law, run.plan.warm_up_s)


def spoilt(law: str, members: tuple[str, ...], seed: int) -> SimulatedRun:
    run = simulate(make_plan(law, 40.0, 30.0, seed, members, warm_up_s=10.0), seed)
    chance = np.random.default_rng(seed).random(len(run.k))
    run.sent_s[chance < 0.05] = np.nan
    run.service_s[chance > 0.9] = np.nan
    return run


def comparable(summary: RunSummary) -> dict:
    """All sums but those of gaps, floats rounded: the order of adding shows in the last bits."""
    values = summary.to_dict()
    del values["gaps"], values["members"]
    return json.loads(json.dumps(values), parse_float=lambda text: round(float(text), 6))


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(["poisson", "uniform", "bursty:3"]),
    st.sampled_from([2, 3, 7]),
    st.integers(0, 1000),
)
def test_members_merge_to_the_whole(law, count, seed):
    members = tuple(f"m{number}" for number in range(count))
    run = spoilt(law, members, seed)
    whole = replace(run, plan=replace(run.plan, members=(MemberChange(0.0, ("m0",)),)))
    whole.owner = ["m0"] * len(run.k)
    assert comparable(totals_of(run)) == comparable(totals_of(whole))


@pytest.mark.parametrize("law", ["poisson", "uniform", "bursty:3"])
def test_it_survives_a_message(law):
    summary = spoilt(law, ("a",), 1).summaries()[0]
    message = json.loads(json.dumps(summary.to_dict()))
    assert MemberSummary.from_dict(message).to_dict() == summary.to_dict()


def test_a_message_of_another_format_is_refused():
    with pytest.raises(ValueError, match="format 99"):
        MemberSummary.from_dict({"format": 99})


def test_counts_are_kept_for_each_phase():
    run = spoilt("poisson", ("a",), 3)
    totals = totals_of(run)
    in_warm_up = run.intended_s < 10.0
    sent, served = ~np.isnan(run.sent_s), ~np.isnan(run.service_s)
    assert totals.warm_up.statuses["unsent"] == (in_warm_up & ~sent).sum()
    assert totals.measured.statuses["ok"] == (~in_warm_up & sent & served).sum()
    assert totals.measured.failure_classes == {"deadline": (~in_warm_up & sent & ~served).sum()}
    assert totals.measured.unsent == {"max-in-flight": (~in_warm_up & ~sent).sum()}


def test_the_parts_of_a_latency_add_up_to_it():
    run = simulate(make_plan())
    measured = totals_of(run).measured
    parts = measured.parts
    total_s = parts.lag_s + parts.network_and_queue_s + parts.contention_s + parts.cpu_s
    assert total_s == pytest.approx(measured.latency.sum_s)


def test_the_gaps_of_a_plan_edited_while_it_runs_stay_true():
    plan = make_plan("poisson", 50.0, 60.0)
    edited = plan.with_rate_edit(30.0, 200.0)
    run = simulate(edited)
    summary = MemberSummary(plan, "a")
    for k, intended_s, sent_s in run.sends("a"):
        if intended_s >= 25.0:
            summary.follow(edited)
        summary.add_sent(k, intended_s, sent_s)
    fit = summary.totals.gaps.fit(0.008)
    assert fit is not None
    assert fit.n == len(run.k) - 1
    assert fit.distance < 0.03


def test_its_message_stays_small_however_long_the_run():
    run = simulate(make_plan("poisson", 100.0, 1200.0))
    assert len(json.dumps(run.summaries()[0].to_dict())) < 150_000


def test_many_instances_and_codes_stay_bounded():
    summary = MemberSummary(make_plan(), "a")
    record = simulate(make_plan()).records()[0]
    for number in range(3000):
        summary.add(record._replace(instance_id=f"i{number}"))
        failed = {"status": "failed", "code": f"c{number}", "failure_class": "app"}
        summary.add(record._replace(**failed))
    measured = summary.totals.measured
    assert len(measured.instances.seen) <= 1001
    assert sum(row[0] for row in measured.instances.seen.values()) == 3000
    assert len(measured.failure_codes) <= 65
    assert sum(measured.failure_codes.values()) == 3000


def test_a_record_costs_a_small_share_of_what_a_call_costs():
    run = simulate(make_plan("poisson", 1000.0, 20.0))
    records, sends = run.records(), list(run.sends("a"))
    summary = MemberSummary(run.plan, "a")
    begin = time.process_time()
    for send in sends:
        summary.add_sent(*send)
    for record in records:
        summary.add(record)
    spent = (time.process_time() - begin) / len(records)
    begin = time.process_time()
    for record in records:
        json.loads(json.dumps(record))
    # Against work of a known size, for the machine's speed is not known.
    assert spent < 3 * (time.process_time() - begin) / len(records)


def test_a_member_never_loads_what_reads_files():
    code = "import sys, verdict.member_summary, verdict.conclude, verdict.first_screen;"
    code += "print([m for m in ('pyarrow', 'pandas', 'locust', 'gevent') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
