"""The run under way, as the conductor keeps it, and how it is made from what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import randbits
from typing import Any

from openloop.clock import Clock
from openloop.config import RunConfig
from openloop.plan_making import first_plan, replayed_plan
from openloop.targets import Target
from records.run_folder import new_run_folder, new_run_id
from shapes.plan import Plan

SEED_BITS = 32
SUFFIX_BITS = 16


@dataclass
class ActiveRun:
    """What the conductor knows of a run.

    Attributes:
        config: The run as asked.
        plan: The version of the plan in force.
        started_unix_s: The epoch by the wall clock; when the run was asked for, before it has one.
        asked_s: When Locust started the test, monotonic: its run timer counts from then.
        target: The Locust users that this version reflects.
        plans: Every version, as written to the manifest.
        members: Everyone who ever was in the plan.
        lost: Those who fell silent while they were in it, in that order.
        reports: What members handed in, by member.
    """

    config: RunConfig
    plan: Plan
    folder: Path
    started_unix_s: float
    asked_s: float
    target: Target
    plans: list[dict[str, Any]] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)

    def plans_from(self, version: int) -> list[Plan]:
        """The versions of the plan from this one on, without the one in force."""
        dicts = [plan for plan in self.plans if version <= plan["version"] < self.plan.version]
        return [Plan.from_dict(plan) for plan in dicts]


def new_run(
    config: RunConfig,
    *,
    members: tuple[str, ...],
    request: Mapping[str, Any],
    clock: Clock,
    asked_s: float,
    recorded: Plan | None,
) -> ActiveRun:
    """A run with its folder and its plan of version 0, which has no epoch yet.

    Args:
        config: The run as asked.
        members: Who sends.
        request: What is sent.
        clock: Where time comes from.
        asked_s: When Locust started the test, monotonic: its run timer counts from then.
        recorded: The plan to send again, for `--replay`.

    Raises:
        RunFolderError: when the folder cannot be made.
    """
    unix_s = clock.unix_s()
    label = f"{config.law.text}-{config.rate_rps:g}rps"
    suffix = f"{randbits(SUFFIX_BITS):04x}"
    run_id = config.run_id or new_run_id(unix_s, label, suffix)
    seed = randbits(SEED_BITS) if config.seed is None else config.seed
    plan = (
        first_plan(config, run_id=run_id, seed=seed, members=members, request=request)
        if recorded is None
        else replayed_plan(recorded, run_id=run_id, members=members, request=request)
    )
    return ActiveRun(
        config=config,
        plan=plan,
        folder=new_run_folder(Path(config.records), run_id),
        started_unix_s=unix_s,
        asked_s=asked_s,
        target=Target(config.users, spawn_rate=1.0),
    )
