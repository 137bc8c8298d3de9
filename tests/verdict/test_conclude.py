import json
from dataclasses import replace

import numpy as np
import pytest

from records.schema import CallRecord
from records.segments import write_segment
from tests.verdict.simulated import SimulatedRun, make_plan, simulate
from tests.verdict.stored import store
from verdict.checks import METRICS, parse_check
from verdict.conclude import conclude
from verdict.from_files import look_at_files
from verdict.run_context import RunContext

THREE = ("a", "b", "c")


def hogged(run: SimulatedRun) -> SimulatedRun:
    run.sent_s = np.floor(run.sent_s * 5 + 1) / 5
    return run


def failing(run: SimulatedRun, share: float) -> SimulatedRun:
    run.service_s[: round(share * len(run.k))] = np.nan
    return run


@pytest.mark.parametrize(
    ("spoil", "check", "context", "code"),
    [
        (lambda run: run, "p99<800ms", {}, 0),
        (lambda run: run, "p99<80ms", {}, 4),
        (hogged, "p99<800ms", {}, 3),
        (hogged, "p99<80ms", {}, 3),
        (lambda run: run, "p99<800ms", {"record_error": "disk full"}, 5),
        (hogged, "p99<80ms", {"record_error": "disk full"}, 5),
        (lambda run: failing(run, 0.02), "success>=99%", {}, 4),
        (lambda run: failing(run, 0.02), "p99<800ms", {}, 4),
        (lambda run: failing(run, 0.02), "success>=97%", {}, 0),
    ],
    ids=[
        "all well", "check missed", "invalid", "invalid before check", "no records",
        "no records before all", "success missed", "a percentile of failures missed",
        "failures alone are not ours",
    ],
)  # fmt: skip
def test_the_exit_code_is_the_gravest_that_applies(spoil, check, context, code):
    run = spoil(simulate(make_plan()))
    conclusion = run.conclude([parse_check(check)], **context)
    assert conclusion.exit_code == code
    assert conclusion.summary["exit_code"] == code


def test_the_summary_is_plain_json():
    summary = failing(simulate(make_plan()), 0.02).conclude([parse_check("p99<1s")]).summary
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert summary["checks"][0]["measured"] is None


def test_percentiles_are_numpys_with_failures_as_infinity():
    run = failing(simulate(make_plan()), 0.007)
    latency_s = np.where(np.isnan(run.service_s), np.inf, run.sent_s + run.service_s)
    latency_s -= run.intended_s
    found = run.conclude().summary["latency_s"]
    for name, q in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
        exact = np.quantile(latency_s, q, method="inverted_cdf")
        assert found[name] == pytest.approx(exact, rel=1e-3)
    assert found["p999"] is None
    assert found["mean"] is None
    assert run.conclude().summary["service_s"]["p999"] is None


def test_latency_counts_from_the_intended_time_so_waiting_to_be_sent_is_in_it():
    run = simulate(make_plan("uniform", 100.0, 10.0))
    run.sent_s = run.intended_s + np.maximum(0, np.arange(len(run.k)) % 100 - 10) * 0.009
    run.service_s[:] = 0.19
    summary = run.conclude().summary
    assert summary["lag_s"]["p99"] == pytest.approx(0.792, abs=0.01)
    assert summary["service_s"]["p99"] == pytest.approx(0.19, abs=0.001)
    assert summary["latency_s"]["p99"] == pytest.approx(0.982, abs=0.01)
    assert summary["verdict"]["level"] == "INVALID"


def test_both_phases_are_counted_and_the_measured_one_is_reported():
    run = simulate(make_plan(warm_up_s=20.0))
    run.service_s[run.intended_s < 20.0] = 5.0
    summary = run.conclude().summary
    counts = summary["counts"]
    assert counts["all"]["planned"] == len(run.k)
    assert counts["measured"]["planned"] == (run.intended_s >= 20.0).sum()
    assert summary["latency_s"]["max"] < 1.0


def test_a_run_of_calls_cut_off_at_the_end_keeps_its_books():
    run = simulate(make_plan("uniform", 10.0, 20.0))
    records = run.records()
    cut = [
        record._replace(status="unfinished", received_s=None, failure_class="cancelled")
        if record.intended_s > 16.0
        else record
        for record in records
    ]
    run.records = lambda member=None: cut  # type: ignore[method-assign]  # scripted end
    summary = run.conclude().summary
    counts = summary["counts"]["all"]
    assert (counts["sent"], counts["ok"], counts["unfinished"]) == (200, 161, 39)
    assert summary["verdict"]["findings"] == []


def test_a_spin_that_was_asked_for_is_the_ideal_until_one_is_measured():
    run = simulate(make_plan())
    slowdown = run.conclude().summary["slowdown"]
    assert slowdown["ideal_s"] == pytest.approx(0.1)
    assert slowdown["ideal_source"] == "the mean of the requested spins"
    measured = run.conclude(ideal_s=0.2, ideal_source="30 calls alone").summary["slowdown"]
    assert measured["ideal_source"] == "30 calls alone"
    assert measured["p99"] == pytest.approx(slowdown["p99"] / 2)


def test_a_plan_without_an_end_is_judged_by_what_was_recorded():
    plan = make_plan("uniform", 20.0, None).with_stop(15.0)
    run = simulate(plan)
    run.plan = replace(plan, stop_s=None)
    conclusion = run.conclude()
    assert conclusion.verdict.level == "VALID"
    assert conclusion.summary["counts"]["all"]["planned"] == 300


def test_a_run_stopped_early_is_judged_by_the_plan_it_had_then():
    run = simulate(make_plan().with_stop(20.0))
    conclusion = run.conclude(stopped_by="SIGTERM")
    assert conclusion.verdict.level == "VALID"
    assert conclusion.summary["measured_s"] == [0.0, 20.0]


@pytest.mark.parametrize("law", ["poisson", "uniform", "bursty:3"])
@pytest.mark.parametrize("members", [("a",), THREE], ids=len)
def test_files_alone_say_what_the_members_said(law, members, tmp_path):
    run = failing(simulate(make_plan(law, members=members, warm_up_s=10.0)), 0.02)
    live = run.conclude().summary
    files = look_at_files(store(run, tmp_path / "run-1"))
    assert files is not None
    totals = files.summarise(run.plan)
    again = conclude(run.plan, [totals], RunContext("run-1", members=len(members)), (), None)
    assert comparable(again.summary) == comparable(live)


def comparable(summary):
    """All but what may differ: the law, for all gaps are known here, and the floats' last bits."""
    kept = {key: value for key, value in summary.items() if key != "law"}
    return json.loads(json.dumps(kept), parse_float=lambda text: round(float(text), 6))


def test_the_law_of_several_members_is_judged_on_all_gaps_when_the_files_are_there(tmp_path):
    run = simulate(make_plan(members=THREE))
    without = run.conclude().summary["law"]
    summary = run.conclude(folder=store(run, tmp_path / "run-1")).summary
    assert without["n"] < len(run.k) / 2
    assert summary["law"]["n"] == len(run.k) - 1
    assert summary["verdict"]["level"] == "VALID"


def test_a_lost_members_rows_are_taken_from_its_files(tmp_path):
    run = simulate(make_plan(members=THREE))
    summaries = [summary for summary in run.summaries() if summary.member != "b"]
    context = RunContext("run-1", members=3, members_lost=1)
    folder = store(run, tmp_path / "run-1")
    with_files = conclude(run.plan, summaries, context, (), folder)
    assert [finding.reason for finding in with_files.verdict.findings] == ["member-lost"]
    without = conclude(run.plan, summaries, context, (), None)
    assert without.verdict.level == "INVALID"


def test_members_on_other_machines_have_no_files_here_and_that_is_no_error(tmp_path):
    run = simulate(make_plan(members=THREE))
    folder = store(run, tmp_path / "run-1", without=("b", "c"))
    conclusion = run.conclude(folder=folder)
    assert conclusion.exit_code == 0


def test_rows_that_did_not_reach_the_disk_are_an_error_of_ours(tmp_path):
    run = simulate(make_plan())
    folder = store(run, tmp_path / "run-1", without=("a",))
    write_segment(folder, "a", 0, run.records()[:-10])
    conclusion = run.conclude(folder=folder)
    assert conclusion.exit_code == 5
    assert "10 of" in conclusion.verdict.findings[0].said


def test_an_arrival_in_the_files_twice_is_invalid(tmp_path):
    run = simulate(make_plan())
    folder = store(run, tmp_path / "run-1")
    write_segment(folder, "a", 1, run.records()[:1])
    assert "counts-disagree" in {f.reason for f in run.conclude(folder=folder).verdict.findings}


def test_a_folder_without_rows_is_judged_by_the_members_word(tmp_path):
    assert simulate(make_plan()).conclude(folder=tmp_path / "none").exit_code == 0


def test_every_metric_of_a_check_exists_in_a_real_summary():
    texts = [
        f"{name}>=0{'ms' if metric.unit == 'time' else ''}" for name, metric in METRICS.items()
    ]
    checks = simulate(make_plan()).conclude([parse_check(text) for text in texts]).summary["checks"]
    assert all(check["passed"] for check in checks)


def test_unknown_ends_do_not_break_a_run_of_another_kind_of_user():
    run = simulate(make_plan())
    plain = [
        CallRecord(*record[:9])._replace(code="200") for record in run.records()
    ]  # no spin, no instance, no worker figures
    run.records = lambda member=None: plain  # type: ignore[method-assign]  # scripted replies
    summary = run.conclude().summary
    assert summary["slowdown"] is None
    assert summary["parts_s"] is None
    assert summary["verdict"]["level"] == "VALID"
