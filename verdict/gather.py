"""From a run's sums to the facts it is judged by."""

import math

from shapes.plan import Plan
from shapes.schedule import Schedule
from verdict.facts import Counts, LawFit, Overload, RunFacts, Steadiness
from verdict.histogram import Histogram
from verdict.ideal import MEAN_SPIN, NOT_KNOWN
from verdict.limits import LAG_FLOOR_S, LAG_SHARE_OF_IDEAL, LIMITS, STALL_S
from verdict.littles_law import littles_residual
from verdict.overload import classify
from verdict.phase import measured_bounds_s, rate_is_constant, whole_windows
from verdict.run_context import RunContext
from verdict.run_summary import RunSummary
from verdict.steadiness import judge_steadiness
from verdict.tally import Tally


def gather_facts(
    plan: Plan,
    totals: RunSummary,
    context: RunContext,
    *,
    law: LawFit | None = None,
    repeated: int = 0,
) -> RunFacts:
    """All that the rules look at.

    Args:
        plan: The last version of the plan.
        totals: All members' sums.
        context: What the engine knows beside them.
        law: The law's fit over the merged sends, from the files; else that of `totals`.
        repeated: Rows beyond the first of an arrival, from the files.
    """
    from_s, to_s = measured_bounds_s(plan, totals.windows)
    whole, measured = count_phases(plan, totals)
    mean_gap_s = (to_s - from_s) / measured.sent if measured.sent else math.inf
    lag_limit_s = lag_limit(totals, context)
    stall_s = max(STALL_S, (LIMITS["lag"].invalid or 0.0) * lag_limit_s)
    overload, steadiness = _over_time(plan, totals, from_s, to_s)
    return RunFacts(
        context=context,
        whole=whole,
        measured=measured,
        unsent_by_reason=totals.whole().unsent,
        repeated=repeated,
        lag_p99_s=lag_p99_s(totals.measured.lag),
        lag_limit_s=lag_limit_s,
        stall_s=stall_s,
        stalled_share=totals.measured.lag.share_above(stall_s),
        mean_gap_s=mean_gap_s,
        law=law or totals.gaps.fit(mean_gap_s),
        littles_residual=littles_residual(totals.windows),
        steadiness=steadiness,
        overload=overload,
        instances=totals.measured.instances.share(),
    )


def _over_time(
    plan: Plan, totals: RunSummary, from_s: float, to_s: float
) -> tuple[Overload, Steadiness]:
    measured = whole_windows(totals.windows, from_s, to_s)
    constant = rate_is_constant(plan, from_s, to_s)
    overload = classify(totals.measured, totals.windows, measured, rate_is_constant=constant)
    if not constant:
        return overload, Steadiness(why_not_judged="the rate varied")
    if overload.level in {"overload", "censored"}:
        return overload, Steadiness(why_not_judged="too many calls did not succeed in time")
    return overload, judge_steadiness(totals.windows, measured)


def count_phases(plan: Plan, totals: RunSummary) -> tuple[Counts, Counts]:
    """Counts of the whole run and of its measured phase; planned as the plan says."""
    whole = totals.whole()
    if math.isinf(plan.end_s):
        return _counts(whole, None), _counts(totals.measured, None)
    schedule = Schedule(plan)
    planned = schedule.planned_before(plan.end_s)
    warm_up = schedule.planned_before(min(plan.warm_up_s, plan.end_s))
    return _counts(whole, planned), _counts(totals.measured, planned - warm_up)


def _counts(tally: Tally, planned: int | None) -> Counts:
    by_status = tally.statuses
    recorded = sum(by_status.values())
    unsent = by_status.get("unsent", 0)
    return Counts(
        planned=recorded if planned is None else planned,
        sent=recorded - unsent,
        unsent=unsent,
        ok=by_status.get("ok", 0),
        failed=by_status.get("failed", 0),
        unfinished=by_status.get("unfinished", 0),
    )


def ideal_of(totals: RunSummary, context: RunContext) -> tuple[float | None, str]:
    """Latency of an isolated call and where it comes from: as given, else the requested spin."""
    if context.ideal_s is not None:
        return context.ideal_s, context.ideal_source
    measured = totals.measured
    if measured.spin_s > 0 and measured.spin_calls == measured.lag.total:
        return measured.spin_s / measured.spin_calls, MEAN_SPIN
    return None, NOT_KNOWN


def lag_limit(totals: RunSummary, context: RunContext) -> float:
    """Above this p99 of the lag a run is SUSPECT: the larger of 1 ms and 5 % of a call's time."""
    call_s = ideal_of(totals, context)[0]
    if call_s is None:
        median_s = totals.measured.service.quantile(0.5)
        call_s = median_s if math.isfinite(median_s) else 0.0
    return max(LAG_FLOOR_S, LAG_SHARE_OF_IDEAL * call_s)


def lag_p99_s(lag: Histogram) -> float:
    """The p99; below 100 arrivals the second largest, for one late arrival is not a tail."""
    n = lag.total
    return lag.quantile(min(0.99, (n - 1) / n)) if n > 1 else lag.quantile(1.0)
