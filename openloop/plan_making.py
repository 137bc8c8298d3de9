"""From what is asked to the plan, and from edits to the plan's next version. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from openloop.config import RunConfig
from openloop.lease import LEASE_S
from openloop.ownership import next_owned_s
from openloop.targets import Target
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from shapes.schedule import Schedule

LATE_PLAN_S = 0.001
LEAD_S = 1.0
"""Edits take effect this long after they are seen, so that every member has them in time."""
STOP_LEAD_S = 0.2
"""Arrivals of worker processes stop so much later than it is asked for, for the same reason."""
MEMBERS_LEAD_S = LEASE_S + 0.05
"""Changes of members take effect when the leave of every member that has not heard of them has run
out: else two could send the same arrival."""


def first_plan(
    config: RunConfig,
    *,
    run_id: str,
    seed: int,
    members: Sequence[str],
    request: Mapping[str, Any],
) -> Plan:
    """The plan a run starts with; its epoch is set when every member is ready."""
    return Plan(
        run_id=run_id,
        version=0,
        seed=seed,
        law=config.law.text,
        epoch_s=0.0,
        rates=_first_rates(config),
        members=(MemberChange(0.0, tuple(members)),),
        duration_s=config.duration_s,
        stop_s=None,
        warm_up_s=config.warm_up_s,
        request=_with_spins_of_trace(request, config),
        trace=config.profile.trace,
    )


def _with_spins_of_trace(request: Mapping[str, Any], config: RunConfig) -> dict[str, Any]:
    """Where a trace says how long each call works, no one figure does."""
    trace = config.profile.trace
    return {**request, "spin": ""} if trace is not None and trace.has_spins else dict(request)


def replayed_plan(
    recorded: Plan, *, run_id: str, members: Sequence[str], request: Mapping[str, Any]
) -> Plan:
    """The plan that sends a recorded run again: its arrivals with their edits, by these members."""
    return replace(
        recorded,
        run_id=run_id,
        version=0,
        epoch_s=0.0,
        members=(MemberChange(0.0, tuple(members)),),
        duration_s=None if recorded.end_s == math.inf else recorded.end_s,
        stop_s=None,
        request=dict(request),
    )


def _first_rates(config: RunConfig) -> RateLog:
    ramp = config.ramp_rps_per_s
    # A spawn rate of as many users as there are is "at once", whatever the users were rounded to.
    if ramp is None or ramp >= min(config.rate_rps, config.users * config.rps_per_user):
        return config.profile.log
    return RateLog((RateSegment(0.0, 0.0),)).edited(0.0, config.rate_rps, ramp)


def edit_rate(
    plan: Plan, config: RunConfig, before: Target, after: Target, *, now_s: float
) -> Plan:
    """The plan after the target moved from `before` to `after`.

    Without a rate profile the users are the rate; with one they scale what the profile says.

    Args:
        plan: The plan in force.
        config: The run as asked.
        before: The target that the plan reflects.
        after: The target now.
        now_s: Seconds since the epoch.
    """
    at_s = max(now_s, 0.0) + LEAD_S
    if not config.profile.is_constant:
        scaled = config.profile.log.scaled_from(at_s, after.users / config.users)
        return _with_rates(plan, spliced(plan.rates, scaled, at_s), at_s)
    ramp_rps_per_s = after.spawn_rate * config.rps_per_user
    step_rps = abs(after.users - before.users) * config.rps_per_user
    return plan.with_rate_edit(
        at_s,
        after.users * config.rps_per_user,
        None if ramp_rps_per_s >= step_rps else ramp_rps_per_s,
    )


def _with_rates(plan: Plan, rates: RateLog, at_s: float) -> Plan:
    return replace(plan, version=plan.version + 1, rates=rates, rates_edited_s=at_s)


def spliced(before: RateLog, after: RateLog, at_s: float) -> RateLog:
    """One log's past and another's future, joined at `at_s`."""
    past = [segment for segment in before.segments if segment.start_s < at_s]
    future = [segment for segment in after.segments if segment.start_s >= at_s]
    return RateLog((*past, *future))


def with_members_changed(
    plan: Plan, ids: Sequence[str], *, now_s: float, clock_error_s: float, older: Sequence[Plan]
) -> Plan:
    """The plan with other members, as soon as nobody can send by any other plan any more.

    Args:
        plan: The plan in force.
        ids: Who sends from then on.
        now_s: Seconds since the epoch.
        clock_error_s: The largest error of a member's clock.
        older: Versions before `plan` that a member, lost or not, may still follow.
    """
    lease_over_s = now_s + MEMBERS_LEAD_S + clock_error_s
    clear_s = max((clear_of_s(plan, old, lease_over_s) for old in older), default=0.0)
    at_s = max(lease_over_s, clear_s, plan.members[-1].at_s)
    return plan.with_members(at_s, tuple(ids))


def with_stop_heard(plan: Plan, reached_s: float) -> Plan:
    """The plan whose stop is late enough for all that members had sent when they heard of it.

    Args:
        plan: The stopped plan.
        reached_s: The last moment whose arrivals a member has dispatched.
    """
    if reached_s < plan.end_s:
        return plan
    return replace(plan, version=plan.version + 1, stop_s=math.nextafter(reached_s, math.inf))


def clear_of_s(plan: Plan, old: Plan, until_s: float) -> float:
    """From when on the plan holds nothing that a member may have sent by an old plan.

    By an old plan of a higher rate, a member has sent arrivals that the new one still has to come.

    Args:
        plan: The plan in force.
        old: The one that the member follows.
        until_s: When its leave to send has run out.
    """
    if old.rates == plan.rates:
        return until_s
    next_one = Schedule(plan).arrivals(Schedule(old).first_k_at(until_s), 1)
    return float(next_one.intended_s[0]) if len(next_one.k) else until_s


def is_late(before: Plan | None, after: Plan, now_s: float, member: str) -> bool:
    """Whether a plan came after something in it that is new to the member had taken effect.

    Args:
        before: The version that was followed until now; None for the first.
        after: The version that has come.
        now_s: Seconds since the epoch.
        member: Who follows it.
    """
    if before is None:
        return now_s > next_owned_s(after, member, 0.0) + LATE_PLAN_S
    known = {change.at_s for change in before.members}
    moments = [change.at_s for change in after.members if change.at_s not in known]
    if after.rates_edited_s != before.rates_edited_s:
        moments.append(after.rates_edited_s)
    return any(now_s > moment_s + LATE_PLAN_S for moment_s in moments)
