"""The end of a run: facts, verdict, checks, summary and exit code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapes.plan import Plan
from verdict.checks import Check
from verdict.exit_codes import CHECK_MISSED, INVALID, OK, RECORDS_NOT_WRITTEN, highest
from verdict.facts import RunFacts
from verdict.gather import gather_facts
from verdict.judge import INVALID as INVALID_LEVEL
from verdict.judge import Verdict, judge
from verdict.run_context import RunContext
from verdict.run_summary import RunSummary, Summarised, merge
from verdict.summary import build_summary
from verdict.superseded import drop_superseded
from verdict.wording import say_count

if TYPE_CHECKING:
    from verdict.from_files import FileView


@dataclass(frozen=True)
class Conclusion:
    """What a run ends with.

    Attributes:
        verdict: Level and findings.
        summary: The content of `summary.json`.
        exit_code: 0, 3 (INVALID), 4 (a check missed) or 5 (records not written).
    """

    verdict: Verdict
    summary: dict[str, Any]
    exit_code: int


def conclude(
    plan: Plan,
    summaries: Sequence[Summarised],
    context: RunContext,
    checks: Sequence[Check],
    folder: Path | None,
) -> Conclusion:
    """Judge a run from its members' sums, completed by the files where they are visible.

    Args:
        plan: The last version of the plan.
        summaries: What the members sent; a lost member's is missing.
        context: What the engine knows beside them.
        checks: Of the command line.
        folder: The run folder, or None when there is none to look at.
    """
    totals = merge(summaries, plan.law, plan.warm_up_s)
    files = _look_at_files(folder)
    if files is None:
        drop_superseded(totals, plan)
        return _conclude(plan, totals, gather_facts(plan, totals, context), checks)
    context = _with_lost_rows(context, totals, files)
    if _files_know_better(files, totals):
        totals = files.summarise(plan)
    drop_superseded(totals, plan)
    facts = gather_facts(plan, totals, context, repeated=files.repeated)
    if context.members > 1 and files.rows == _rows(totals):
        facts = replace(facts, law=files.fit_law(plan, facts.mean_gap_s))
    return _conclude(plan, totals, files.with_ready_pods(facts, plan, totals), checks, files)


def conclude_from_files(
    plan: Plan, context: RunContext, checks: Sequence[Check], files: "FileView"
) -> Conclusion:
    """Judge a run from its files alone, whatever was said at its end."""
    totals = files.summarise(plan)
    drop_superseded(totals, plan)
    facts = gather_facts(plan, totals, context, repeated=files.repeated)
    return _conclude(plan, totals, files.with_ready_pods(facts, plan, totals), checks, files)


def _look_at_files(folder: Path | None) -> "FileView | None":
    from verdict.from_files import look_at_files  # noqa: PLC0415 - no pyarrow while a run sends

    return look_at_files(folder)


def _conclude(
    plan: Plan,
    totals: RunSummary,
    facts: RunFacts,
    checks: Sequence[Check],
    files: "FileView | None" = None,
) -> Conclusion:
    verdict = judge(facts)
    summary = build_summary(plan, totals, facts, verdict, checks)
    if files is not None:
        summary = files.with_pods_seen(summary, plan)
    exit_code = _exit_code(verdict, facts.context, summary)
    return Conclusion(verdict, {**summary, "exit_code": exit_code}, exit_code)


def _exit_code(verdict: Verdict, context: RunContext, summary: dict[str, Any]) -> int:
    codes = [OK]
    if context.record_error is not None:
        codes.append(RECORDS_NOT_WRITTEN)
    if verdict.level == INVALID_LEVEL:
        codes.append(INVALID)
    if not all(check["passed"] for check in summary["checks"]):
        codes.append(CHECK_MISSED)
    return highest(codes)


def _rows(totals: RunSummary) -> int:
    return sum(totals.whole().statuses.values())


def _files_know_better(files: "FileView", totals: RunSummary) -> bool:
    """They hold a lost member's last rows, or say which rows others supersede."""
    superseded = files.superseded and files.members.issuperset(totals.members)
    return bool(files.rows > _rows(totals) or superseded)


def _with_lost_rows(context: RunContext, totals: RunSummary, files: "FileView") -> RunContext:
    """Rows that members counted and their visible files do not hold are an error of ours."""
    counted = _rows(totals)
    if context.record_error or not files.members.issuperset(totals.members):
        return context
    here = files.rows + files.superseded
    if here >= counted:
        return context
    lost = f"{say_count(counted - here)} of {say_count(counted)} rows are not in the files"
    return replace(context, record_error=lost)
