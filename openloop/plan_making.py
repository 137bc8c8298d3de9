"""From what is asked to the plan, and from edits to the plan's next version. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openloop.config import RunConfig
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment

LEAD_S = 1.0
"""Edits take effect this long after they are seen, so that every member has them in time."""


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
        request=dict(request),
    )


def _first_rates(config: RunConfig) -> RateLog:
    ramp = config.ramp_rps_per_s
    if ramp is None or ramp >= config.rate_rps:
        return config.profile.log
    return RateLog((RateSegment(0.0, 0.0),)).edited(0.0, config.rate_rps, ramp)


@dataclass(frozen=True)
class Target:
    """The number of Locust users that someone asked for, and how fast to get there.

    Attributes:
        users: Locust's target user count.
        spawn_rate: Users per second, as Locust's edit form names it.
    """

    users: int
    spawn_rate: float


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
        return plan.with_scale(at_s, after.users / before.users)
    ramp_rps_per_s = after.spawn_rate * config.rps_per_user
    step_rps = abs(after.users - before.users) * config.rps_per_user
    return plan.with_rate_edit(
        at_s,
        after.users * config.rps_per_user,
        None if ramp_rps_per_s >= step_rps else ramp_rps_per_s,
    )
