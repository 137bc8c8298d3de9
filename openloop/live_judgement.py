"""What can be said of a run before it is over: the verdict's rules on what members have told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openloop.active_run import ActiveRun
from openloop.clock_offset import Offset
from openloop.live_state import Amounts, MemberState
from shapes.laws import parse_law
from verdict.facts import Counts, InstanceShare, LawFit, Overload, RunFacts, Steadiness
from verdict.gather import lag_p99_s
from verdict.ideal import ideal_of_request
from verdict.judge import VALID, Verdict, judge
from verdict.limits import LAG_FLOOR_S, LAG_SHARE_OF_IDEAL, LIMITS, STALL_S
from verdict.run_context import RunContext

ONLY_AT_THE_END = frozenset({"nothing-sent", "counts-disagree"})
NOT_YET = "not judged before the end"


@dataclass(frozen=True)
class Sums:
    """What all members have told together."""

    whole: Amounts
    measured: Amounts


def merged(states: Sequence[MemberState]) -> Sums:
    """The sums over members."""
    sums = Sums(Amounts(), Amounts())
    for state in states:
        sums.whole.merge(state.whole)
        sums.measured.merge(state.measured)
    return sums


def judge_so_far(
    run: ActiveRun,
    states: Sequence[MemberState],
    sums: Sums,
    offsets: Mapping[str, Offset],
    rate_rps: float,
) -> Verdict:
    """The verdict as far as it can be made now.

    The law of what was sent, Little's law and steadiness are judged from all arrivals at the end.

    Args:
        run: The run under way.
        states: What each member told last.
        sums: Their sums.
        offsets: What each member measured of its clock.
        rate_rps: The planned rate now.
    """
    facts = _facts(run, sums, _context(run, states, offsets), rate_rps)
    found = tuple(one for one in judge(facts).findings if one.reason not in ONLY_AT_THE_END)
    return Verdict(found[0].level if found else VALID, found)


def _facts(run: ActiveRun, sums: Sums, context: RunContext, rate_rps: float) -> RunFacts:
    lag = sums.measured.lag
    limit_s = _lag_limit_s(context.ideal_s, sums.measured)
    stall_s = max(STALL_S, (LIMITS["lag"].invalid or 0.0) * limit_s)
    return RunFacts(
        context=context,
        whole=_counts(sums.whole),
        measured=_counts(sums.measured),
        unsent_by_reason=sums.whole.unsent,
        repeated=0,
        lag_p99_s=lag_p99_s(lag) if lag.total else 0.0,
        lag_limit_s=limit_s,
        stall_s=stall_s,
        stalled_share=lag.share_above(stall_s),
        mean_gap_s=1.0 / rate_rps if rate_rps > 0 else math.inf,
        law=_unjudged_law(run.plan.law),
        littles_residual=None,
        steadiness=Steadiness(why_not_judged=NOT_YET),
        overload=Overload("not judged", NOT_YET, None),
        instances=InstanceShare(0, 0.0, 0.0),
    )


def _counts(amounts: Amounts) -> Counts:
    """Arrivals that are over or were left out; those under way are neither here nor there."""
    return Counts(
        planned=amounts.ended + amounts.not_sent,
        sent=amounts.ended,
        unsent=amounts.not_sent,
        ok=amounts.ok,
        failed=amounts.failed,
        unfinished=amounts.unfinished,
    )


def _unjudged_law(text: str) -> LawFit | None:
    """Tells the rules that arrivals are equidistant; judges nothing."""
    equidistant = parse_law(text).cv == 0
    return LawFit(text, "gaps", "CV", 0.0, None, 0) if equidistant else None


def _lag_limit_s(ideal: float | None, measured: Amounts) -> float:
    """As the verdict has it; without an ideal the median latency stands for the service time."""
    if ideal is None:
        median_s = measured.latency.quantile(0.5)
        ideal = median_s if math.isfinite(median_s) else 0.0
    return max(LAG_FLOOR_S, LAG_SHARE_OF_IDEAL * ideal)


def _context(
    run: ActiveRun, states: Sequence[MemberState], offsets: Mapping[str, Offset]
) -> RunContext:
    errors = [state.record_error for state in states if state.record_error]
    return RunContext(
        run_id=run.plan.run_id,
        generator_cpu=max((state.cpu_share for state in states), default=None),
        members_lost=len(set(run.lost)),
        clock_error_s=max((offset.error_s for offset in offsets.values()), default=0.0),
        late_plans=sum(state.late_plans for state in states),
        engine_deaths=sum(state.engine_deaths for state in states),
        engine_hangs=sum(state.engine_hangs for state in states),
        record_error=errors[0] if errors else None,
        members=len(run.members),
        ideal_s=ideal_of_request(run.config.calibration, run.plan.request)[0],
    )
