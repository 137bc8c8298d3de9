"""Clean runs are VALID, spoilt ones never."""

import numpy as np
import pytest

from tests.verdict.simulated import SimulatedRun, make_plan, ramp, simulate

CLEAN = [
    ("poisson", 50.0, 60.0),
    ("uniform", 50.0, 60.0),
    ("uniform-gap", 20.0, 60.0),
    ("bursty:3", 50.0, 60.0),
    ("poisson", 10.0, 10.0),
    ("uniform", 10.0, 10.0),
    ("poisson", 500.0, 10.0),
    ("uniform", 300.0, 10.0),
    ("poisson", 2000.0, 5.0),
    ("uniform", 2000.0, 5.0),
]


def clean_levels(repetitions: int) -> list[str]:
    levels = []
    for law, rate_rps, duration_s in CLEAN:
        for repetition in range(repetitions):
            plan = make_plan(law, rate_rps, duration_s, seed=100 + repetition)
            levels.append(simulate(plan, seed=repetition, lag_s=0.0001).conclude().verdict.level)
    return levels


def test_at_least_95_of_100_clean_runs_are_valid_and_none_is_invalid():
    levels = clean_levels(5)
    assert levels.count("VALID") >= 0.95 * 50
    assert "INVALID" not in levels


def hogged(run: SimulatedRun) -> SimulatedRun:
    """Something else takes the core for 100 ms in every second."""
    into_s = run.sent_s % 1.0
    run.sent_s = np.where(into_s < 0.1, run.sent_s + 0.1 - into_s, run.sent_s)
    return run


def frozen(run: SimulatedRun) -> SimulatedRun:
    """The generator stands still for 0.4 s, once."""
    frozen_then = (run.sent_s > 20.0) & (run.sent_s < 20.4)
    run.sent_s = np.where(frozen_then, 20.4 + np.arange(len(run.k)) * 1e-6, run.sent_s)
    return run


def started_late(run: SimulatedRun) -> SimulatedRun:
    """It starts 2 s late: what is over 1 s late is not sent, the rest in a burst."""
    run.sent_s = np.where(run.intended_s < 1.0, np.nan, np.maximum(run.sent_s, 2.0))
    return run


def lost(run: SimulatedRun) -> SimulatedRun:
    """One arrival in 200 is not sent."""
    run.sent_s[::200] = np.nan
    return run


def unrecorded(run: SimulatedRun) -> SimulatedRun:
    """One arrival left no trace."""
    run.lost = {17}
    return run


def other_law(run: SimulatedRun) -> SimulatedRun:
    """Its clock and its plan agree, but not with the law: every other gap is swallowed."""
    run.intended_s = run.intended_s[np.arange(len(run.k)) // 2 * 2]
    run.sent_s = run.intended_s + 1e-4 * (1 + np.arange(len(run.k)) % 2)
    return run


def quantised(run: SimulatedRun) -> SimulatedRun:
    """It sends in ticks of 10 ms."""
    run.sent_s = np.ceil(run.intended_s / 0.01) * 0.01
    return run


SPOILINGS = [hogged, frozen, started_late, lost, unrecorded, other_law, quantised]


@pytest.mark.parametrize("law", ["poisson", "uniform", "bursty:3"])
@pytest.mark.parametrize("spoil", SPOILINGS, ids=lambda spoil: spoil.__name__)
def test_a_spoilt_run_is_never_valid(spoil, law):
    for seed in range(5):
        run = spoil(simulate(make_plan(law, 50.0, 60.0, seed=seed), seed))
        assert run.conclude().verdict.level != "VALID"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (hogged, "lag"),
        (frozen, "generator-stall"),
        (lost, "planned-vs-sent"),
        (started_late, "planned-vs-sent"),
        (unrecorded, "counts-disagree"),
        (other_law, "arrival-law"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_the_reason_that_is_said_is_the_true_one(spoil, reason):
    findings = spoil(simulate(make_plan())).conclude().verdict.findings
    assert reason in {finding.reason for finding in findings}


def test_a_poisson_run_sent_at_equal_gaps_is_invalid_by_its_law_alone():
    run = simulate(make_plan("poisson", 50.0, 60.0))
    run.intended_s = np.arange(len(run.k)) / len(run.k) * 60.0
    run.sent_s = run.intended_s + 1e-4
    findings = run.conclude().verdict.findings
    assert [(finding.reason, finding.level) for finding in findings] == [("arrival-law", "INVALID")]


def test_above_a_thousand_a_second_another_law_still_shows_in_tenths_of_a_second():
    run = simulate(make_plan("poisson", 2000.0, 20.0), lag_s=0.0001)
    run.sent_s = np.arange(len(run.k)) / len(run.k) * 20.0
    findings = {finding.reason: finding for finding in run.conclude().verdict.findings}
    assert "0.1-s counts" in findings["arrival-law"].said


@pytest.mark.parametrize("law", ["poisson", "uniform", "uniform-gap", "bursty:3"])
def test_ramps_are_judged_in_operational_time(law):
    plan = make_plan(law, duration_s=60.0, rates=ramp(5.0, 100.0, 40.0))
    conclusion = simulate(plan).conclude()
    assert conclusion.verdict.level == "VALID"
    assert conclusion.summary["law"]["n"] > 1000


def test_a_rate_edit_is_no_spoiling():
    plan = make_plan("poisson", 50.0, 60.0).with_rate_edit(30.0, 10.0)
    assert simulate(plan).conclude().verdict.level == "VALID"


@pytest.mark.parametrize("law", ["poisson", "uniform", "bursty:3"])
@pytest.mark.parametrize("members", [("a", "b"), ("a", "b", "c", "d", "e", "f", "g")], ids=len)
def test_members_together_are_as_valid_as_one(law, members):
    plan = make_plan(law, 100.0, 60.0, members=members)
    conclusion = simulate(plan).conclude()
    assert conclusion.verdict.level == "VALID"
    assert conclusion.summary["counts"]["all"]["planned"] == len(simulate(plan).k)


def test_members_that_send_another_law_are_found_out_without_files():
    plan = make_plan("poisson", 100.0, 60.0, members=("a", "b", "c"))
    run = simulate(plan)
    run.intended_s = np.arange(len(run.k)) / len(run.k) * 60.0
    run.sent_s = run.intended_s + 1e-4
    assert "arrival-law" in {finding.reason for finding in run.conclude().verdict.findings}


def test_one_arrival_not_sent_in_a_short_run_is_no_reason_for_distrust():
    run = simulate(make_plan("uniform", 10.0, 10.0))
    run.sent_s[50] = np.nan
    conclusion = run.conclude()
    assert conclusion.verdict.level == "VALID"
    assert conclusion.summary["counts"]["all"]["unsent"] == 1


def test_one_late_arrival_in_a_short_run_is_no_reason_for_distrust():
    run = simulate(make_plan("poisson", 10.0, 10.0))
    run.sent_s[50] += 0.08
    assert run.conclude().verdict.level == "VALID"


def settling(at_s: float, extra_s: float) -> SimulatedRun:
    """Replicas settle at a time: until then every call waits longer."""
    run = simulate(make_plan("poisson", 20.0, 480.0, warm_up_s=120.0))
    run.service_s[run.intended_s < at_s] += extra_s
    return run


def test_replicas_that_settle_after_the_warm_up_are_found_and_a_length_is_suggested():
    findings = settling(at_s=213.0, extra_s=0.4).conclude().verdict.findings
    assert [finding.reason for finding in findings] == ["not-steady"]
    settled_s = float(findings[0].remedy.split("--warm-up ")[1].split("s")[0])
    assert 213.0 <= settled_s <= 240.0


def test_replicas_that_settle_within_the_warm_up_are_no_finding():
    assert settling(at_s=119.0, extra_s=0.4).conclude().verdict.level == "VALID"


def test_a_latency_that_creeps_up_all_the_time_never_settles():
    run = simulate(make_plan("poisson", 20.0, 300.0))
    run.service_s *= 1 + run.intended_s / 600.0
    findings = run.conclude().verdict.findings
    assert [finding.reason for finding in findings] == ["not-steady"]
    assert "never settled" in findings[0].said


def overloaded() -> SimulatedRun:
    """A FIFO server twice too slow: the wait of an arrival at t is (rho - 1) t."""
    run = simulate(make_plan("poisson", 20.0, 60.0))
    run.service_s = 0.1 + run.intended_s
    return run


def test_overload_is_a_finding_about_the_target_and_no_fault_of_the_run():
    conclusion = overloaded().conclude()
    assert conclusion.verdict.level == "VALID"
    assert conclusion.summary["overload"]["level"] == "overload"
    assert conclusion.summary["overload"]["backlog_rps"] == pytest.approx(10.0, rel=0.15)
    assert conclusion.summary["ok_rps"] == pytest.approx(10.0, rel=0.15)
    assert conclusion.summary["sent_rps"] == pytest.approx(20.0, rel=0.15)


@pytest.mark.parametrize(
    ("share", "failure_class", "level"),
    [
        (0.0, "deadline", "stable"), (0.005, "deadline", "marginal"),
        (0.05, "deadline", "overload"), (0.05, "refused", "censored"),
        (0.005, "refused", "stable"),
    ],
)  # fmt: skip
def test_failures_set_the_class(share, failure_class, level):
    run = simulate(make_plan("poisson", 50.0, 60.0))
    run.failure_class = failure_class
    run.service_s[: round(share * len(run.k))] = np.nan
    conclusion = run.conclude()
    assert conclusion.summary["overload"]["level"] == level
    assert conclusion.verdict.level == "VALID"


def test_overload_shows_in_a_short_run_of_a_target_that_shares_its_cores():
    """All calls of a backlog end near the end, the first as late as the last."""
    run = simulate(make_plan("uniform", 10.0, 12.0))
    ends_s = 2.0 + np.sqrt(run.intended_s / 12.0) * 18.0
    run.service_s = np.maximum(ends_s - run.sent_s, 0.2)
    assert run.conclude().summary["overload"]["level"] == "overload"


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (make_plan("poisson", 50.0, 5.0), "too short"),
        (make_plan(duration_s=60.0, rates=ramp(5.0, 50.0, 40.0)), "the rate varied"),
    ],
    ids=["short", "ramp"],
)
def test_where_a_backlog_cannot_be_seen_the_target_is_not_called_stable(plan, why):
    overload = simulate(plan).conclude().summary["overload"]
    assert overload["level"] == "not judged"
    assert why in overload["why"]


def test_a_backlog_that_only_fills_the_target_is_no_overload():
    run = simulate(make_plan("uniform", 10.0, 20.0))
    run.service_s += 9.5
    assert run.conclude().summary["overload"]["level"] == "stable"
