"""Each reason on both sides of each of its limits."""

import math
from dataclasses import replace

import pytest

from tests.verdict.fakes import (
    CLEAN_COUNTS,
    CLEAN_FACTS,
    EQUIDISTANT_FIT,
    POISSON_FIT,
    facts,
    facts_in,
    unsent,
)
from verdict.facts import Counts, InstanceShare, RunFacts, Steadiness
from verdict.judge import judge
from verdict.limits import LIMITS
from verdict.rules import RULES, engine_died


def level_by(reason: str, of: RunFacts) -> str:
    """The level that one reason gives, checking that no other one speaks."""
    findings = judge(of).findings
    assert {finding.reason for finding in findings} <= {reason}
    return findings[0].level if findings else "VALID"


def test_a_clean_run_is_valid():
    assert judge(CLEAN_FACTS).level == "VALID"


def test_there_is_one_rule_a_row_of_the_table():
    assert [rule.__name__.replace("_", "-") for rule in RULES] == list(LIMITS)


def test_the_gravest_finding_decides_and_comes_first():
    verdict = judge(facts(lag_p99_s=0.006, whole=unsent(200), measured=unsent(200)))
    assert verdict.level == "INVALID"
    assert [finding.reason for finding in verdict.findings] == ["planned-vs-sent", "lag"]


def test_every_finding_says_what_to_do():
    spoilt = facts(lag_p99_s=0.1, whole=unsent(5000), measured=unsent(5000))
    assert all(finding.remedy and finding.said for finding in judge(spoilt).findings)


def test_a_run_that_sent_nothing_is_invalid():
    nothing = Counts(0, 0, 0, 0, 0, 0)
    clean = facts(lag_p99_s=math.nan, law=None, mean_gap_s=math.inf)
    assert level_by("nothing-sent", replace(clean, measured=nothing)) == "INVALID"
    one = Counts(1, 1, 0, 1, 0, 0)
    assert level_by("nothing-sent", replace(clean, measured=one, whole=one)) == "VALID"


@pytest.mark.parametrize(
    "counts",
    [
        replace(CLEAN_COUNTS, planned=10_001),
        replace(CLEAN_COUNTS, sent=9_999, ok=9_999),
        replace(CLEAN_COUNTS, ok=9_999),
        replace(CLEAN_COUNTS, unfinished=1),
    ],
    ids=["a row too few", "a send too few", "an end too few", "an end too many"],
)
def test_books_that_do_not_balance_are_invalid(counts):
    assert level_by("counts-disagree", facts(whole=counts)) == "INVALID"
    assert level_by("counts-disagree", facts(measured=counts)) == "INVALID"


def test_an_arrival_recorded_twice_is_invalid():
    assert level_by("counts-disagree", facts(repeated=1)) == "INVALID"


def test_records_that_were_not_written_are_invalid():
    assert level_by("records-not-written", facts_in(record_error="disk full")) == "INVALID"


@pytest.mark.parametrize(
    ("count", "planned", "level"),
    [
        (10, 10_000, "VALID"), (11, 10_000, "SUSPECT"), (100, 10_000, "SUSPECT"),
        (101, 10_000, "INVALID"), (1, 100, "VALID"), (2, 100, "INVALID"), (2, 200, "SUSPECT"),
        (1, 99, "SUSPECT"), (1, 2, "SUSPECT"), (2, 2, "INVALID"), (1, 1000, "VALID"),
    ],
)  # fmt: skip
def test_planned_against_sent(count, planned, level):
    counts = unsent(count, planned)
    spoilt = facts(whole=counts, measured=counts)
    if counts.sent == 0:
        spoilt = replace(spoilt, lag_p99_s=math.nan)
        assert judge(spoilt).level == level
        return
    assert level_by("planned-vs-sent", spoilt) == level


def test_what_the_measured_phase_lacks_is_not_hidden_by_a_long_warm_up():
    assert level_by("planned-vs-sent", facts(measured=unsent(2, 100))) == "INVALID"


def test_the_reason_of_the_unsent_is_said():
    spoilt = facts(whole=unsent(60, 200), unsent_by_reason={"max-in-flight": 60})
    said = judge(spoilt).findings[0].said
    assert "planned 200, sent 140" in said
    assert "max-in-flight" in said


@pytest.mark.parametrize(
    ("lag_p99_s", "level"),
    [(0.005, "VALID"), (0.0051, "SUSPECT"), (0.02, "SUSPECT"), (0.0201, "INVALID")],
)
def test_lag(lag_p99_s, level):
    assert level_by("lag", facts(lag_p99_s=lag_p99_s)) == level


@pytest.mark.parametrize(("share", "level"), [(0.001, "VALID"), (0.0011, "SUSPECT")])
def test_stalls_of_the_generator(share, level):
    assert level_by("generator-stall", facts(stalled_share=share)) == level


def test_one_late_arrival_is_no_stall():
    counts = replace(CLEAN_COUNTS, planned=100, sent=100, ok=100)
    assert level_by("generator-stall", facts(measured=counts, stalled_share=0.01)) == "VALID"


@pytest.mark.parametrize(
    ("distance", "p_value", "level"),
    [
        (0.06, 1e-9, "VALID"), (0.061, 1e-9, "SUSPECT"), (0.12, 1e-9, "SUSPECT"),
        (0.121, 1e-9, "INVALID"), (0.3, 1e-3, "VALID"), (0.3, 0.99e-3, "INVALID"),
        (0.03, 1e-30, "VALID"),
    ],
)  # fmt: skip
def test_the_law_of_random_arrivals(distance, p_value, level):
    fit = replace(POISSON_FIT, distance=distance, p_value=p_value)
    assert level_by("arrival-law", facts(law=fit)) == level


@pytest.mark.parametrize(
    ("cv", "n", "level"),
    [
        (0.15, 999, "VALID"), (0.151, 999, "SUSPECT"), (0.5, 999, "SUSPECT"),
        (0.51, 999, "INVALID"), (0.51, 19, "VALID"), (0.51, 20, "INVALID"),
    ],
)  # fmt: skip
def test_the_spacing_of_equidistant_arrivals(cv, n, level):
    fit = replace(EQUIDISTANT_FIT, distance=cv, n=n)
    assert level_by("arrival-spacing", facts(law=fit)) == level


@pytest.mark.parametrize(("lost", "level"), [(0, "VALID"), (1, "SUSPECT")])
def test_lost_members(lost, level):
    assert level_by("member-lost", facts_in(members_lost=lost)) == level


@pytest.mark.parametrize(("error_s", "level"), [(0.1, "VALID"), (0.101, "SUSPECT")])
def test_clock_error(error_s, level):
    assert level_by("clock-error", facts_in(members=3, clock_error_s=error_s)) == level


@pytest.mark.parametrize(
    ("error_s", "members", "fit", "level"),
    [
        (0.001, 3, EQUIDISTANT_FIT, "VALID"), (0.00101, 3, EQUIDISTANT_FIT, "SUSPECT"),
        (0.00101, 3, POISSON_FIT, "VALID"), (0.00101, 1, EQUIDISTANT_FIT, "VALID"),
    ],
    ids=["below", "above", "random law", "one member"],
)  # fmt: skip
def test_clock_error_against_the_gap(error_s, members, fit, level):
    spoilt = replace(facts_in(members=members, clock_error_s=error_s), law=fit)
    assert level_by("clock-error-spacing", spoilt) == level


@pytest.mark.parametrize(("late", "level"), [(0, "VALID"), (1, "SUSPECT")])
def test_late_plans(late, level):
    assert level_by("late-plan", facts_in(late_plans=late)) == level


@pytest.mark.parametrize(("deaths", "level"), [(0, "VALID"), (1, "SUSPECT"), (4, "SUSPECT")])
def test_engines_that_died(deaths, level):
    assert level_by("engine-died", facts_in(engine_deaths=deaths)) == level


@pytest.mark.parametrize(
    ("deaths", "hangs", "said"),
    [
        (1, 0, "1 engine died during the run"),
        (1, 1, "1 engine died during the run (1 hung and was killed)"),
        (3, 2, "3 engines died during the run (2 hung and were killed)"),
    ],
)
def test_engines_that_hung_are_said_to_have_hung(deaths, hangs, said):
    finding = engine_died(facts_in(engine_deaths=deaths, engine_hangs=hangs))
    assert finding.said == said


@pytest.mark.parametrize(("cpu", "level"), [(None, "VALID"), (0.9, "VALID"), (0.91, "SUSPECT")])
def test_generator_cpu(cpu, level):
    assert level_by("generator-cpu", facts_in(generator_cpu=cpu)) == level


@pytest.mark.parametrize(
    ("residual", "level"), [(None, "VALID"), (0.02, "VALID"), (0.021, "SUSPECT")]
)
def test_littles_law(residual, level):
    assert level_by("littles-law", facts(littles_residual=residual)) == level


@pytest.mark.parametrize(("change", "level"), [(0.05, "VALID"), (0.051, "SUSPECT")])
@pytest.mark.parametrize("settled_s", [None, 213.0], ids=["never settled", "settled late"])
def test_steadiness(change, settled_s, level):
    assert level_by("not-steady", facts(steadiness=Steadiness(change, settled_s))) == level


def test_an_unsteady_run_is_told_a_warm_up_that_would_do():
    finding = judge(facts(steadiness=Steadiness(0.3, 213.0))).findings[0]
    assert "213 s" in finding.said
    assert "--warm-up 220s" in finding.remedy


@pytest.mark.parametrize(
    ("queued", "level"), [(0, "VALID"), (1, "VALID"), (10, "VALID"), (11, "SUSPECT")]
)
def test_client_side_queueing(queued, level):
    assert level_by("client-queueing", facts_in(queued_client_side=queued)) == level


@pytest.mark.parametrize(
    ("spread", "level"),
    [
        (InstanceShare(1, 1.0, 0.0), "VALID"), (InstanceShare(3, 0.9, 1.0), "VALID"),
        (InstanceShare(3, 0.91, 1.0), "SUSPECT"), (InstanceShare(3, 0.91, 0.19), "VALID"),
        (InstanceShare(1, 1.0, 0.9, ready=3), "SUSPECT"),
        (InstanceShare(1, 1.0, 0.1, ready=2), "VALID"),
        (InstanceShare(2, 0.95, 0.0, ready=1), "VALID"),
    ],
    ids=[
        "only one", "at the limit", "above", "the others came late", "others ready, never asked",
        "others hardly ready", "one pod after another",
    ],
)  # fmt: skip
def test_one_instance_taking_everything(spread, level):
    assert level_by("one-instance", facts(instances=spread)) == level
