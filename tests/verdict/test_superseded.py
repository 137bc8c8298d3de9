"""A member that was cut off calls unsent what others have sent: the books must still balance."""

import numpy as np
import pytest

from records.schema import OPEN_REASONS
from records.segments import write_segment
from tests.verdict.simulated import make_plan, simulate
from tests.verdict.stored import store
from verdict.conclude import conclude
from verdict.member_summary import MemberSummary
from verdict.run_context import RunContext

TWO = ("a", "b")
CONTEXT = RunContext("run-1", members=3)


def cut_off(run, reason, count, *, first=100):
    """Rows of a member that notes down as unsent what the others have sent."""
    changes = {"member": "c", "status": "unsent", "failure_class": reason}
    blank = {"sent_s": None, "received_s": None}
    rows = sorted(run.records(), key=lambda row: row.k)[first : first + count]
    return [row._replace(**changes, **blank) for row in rows]


def summary_of(run, rows):
    summary = MemberSummary(run.plan, "c")
    for row in rows:
        summary.add(row)
    return summary


@pytest.fixture
def run():
    return simulate(make_plan(members=TWO, warm_up_s=4.0))


@pytest.mark.parametrize("reason", OPEN_REASONS)
@pytest.mark.parametrize("first", [100, 1000], ids=["in the warm-up", "measured"])
def test_sums_alone_balance_where_arrivals_are_accounted_for_twice(run, reason, first):
    rows = cut_off(run, reason, 40, first=first)
    ended = conclude(run.plan, [*run.summaries(), summary_of(run, rows)], CONTEXT, (), None)
    assert ended.summary["counts"]["all"]["unsent"] == 0
    assert ended.summary["unsent_by_reason"] == {}
    assert ended.verdict.level == "VALID", ended.verdict.findings


def test_the_files_say_which_rows_are_superseded(run, tmp_path):
    rows = cut_off(run, "lease", 40)
    write_segment(store(run, tmp_path / "run"), "c", 0, rows)
    summaries = [*run.summaries(), summary_of(run, rows)]
    ended = conclude(run.plan, summaries, CONTEXT, (), tmp_path / "run")
    assert ended.summary["counts"]["all"]["unsent"] == 0
    assert ended.verdict.level == "VALID", ended.verdict.findings


def test_what_nobody_sent_stays_unsent(run):
    run.sent_s[1000:1030] = np.nan
    rows = cut_off(run, "lease", 40, first=990)
    summaries = [*run.summaries(), summary_of(run, rows)]
    counts = conclude(run.plan, summaries, CONTEXT, (), None).summary["counts"]["all"]
    assert counts["unsent"] == 30


def test_an_arrival_that_was_sent_twice_is_no_superseded_one(run):
    again = [row._replace(member="c") for row in run.records()[:3]]
    ended = conclude(run.plan, [*run.summaries(), summary_of(run, again)], CONTEXT, (), None)
    assert "counts-disagree" in [finding.reason for finding in ended.verdict.findings]


def test_rows_beyond_a_stop_that_a_member_did_not_hear_of_are_none_of_the_plans(run):
    stopped = run.plan.with_stop(30.0)
    late = [row._replace(status="unsent", failure_class="no-master", sent_s=None,
                         received_s=None, member="c")
            for row in run.records() if row.intended_s >= 30.0]  # fmt: skip
    run.lost = {place for place, at_s in enumerate(run.intended_s) if at_s >= 30.0}
    ended = conclude(stopped, [*run.summaries(), summary_of(run, late)], CONTEXT, (), None)
    counts = ended.summary["counts"]["all"]
    assert counts["planned"] == counts["sent"] + counts["unsent"]
    assert counts["unsent"] == 0
