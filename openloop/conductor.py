"""Makes the plan of each run, lets it grow with edits, and brings the run to its end."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import randbits
from typing import Any

import gevent
from gevent.event import Event
from gevent.lock import RLock

from openloop import messages
from openloop.agent import LOCAL_MEMBER
from openloop.clock import Clock
from openloop.config import RunConfig
from openloop.errors import StartRefused
from openloop.plan_making import Target, edit_rate, first_plan
from records.run_folder import new_run_folder, new_run_id
from shapes.load_test_shapes import PlannedShape
from shapes.plan import Plan

log = logging.getLogger(__name__)

EPOCH_LEAD_S = 0.3
TIMER_SLACK_S = 0.1
WATCH_EVERY_S = 0.05
READY_TIMEOUT_S = 60.0
DRAIN_MARGIN_S = 60.0
SEED_BITS = 32


@dataclass
class ActiveRun:
    """What the conductor knows of the run under way.

    Attributes:
        plans: Every version of the plan, as written to the manifest.
        target: The Locust users that the plan in force reflects.
        reports: What members handed in, by member.
    """

    config: RunConfig
    plan: Plan
    folder: Path
    started_unix_s: float
    started_monotonic_s: float
    target: Target
    plans: list[dict[str, Any]] = field(default_factory=list)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    refusal: str | None = None
    ready: Event = field(default_factory=Event)
    drained: Event = field(default_factory=Event)


class Conductor:
    """On the local process (or the master): one plan at a time.

    Args:
        environment: Locust's environment; its runner carries the messages.
        clock: Where time comes from.
    """

    def __init__(self, environment: Any, clock: Clock) -> None:
        self._environment = environment
        self._runner = environment.runner
        self._clock = clock
        self._lock = RLock()
        self.run: ActiveRun | None = None
        self._runner.register_message(messages.READY, self._on_ready)
        self._runner.register_message(messages.DRAINED, self._on_drained)

    def start(self, config: RunConfig, request: dict[str, Any]) -> None:
        """Prepare the members, set the epoch and let the arrivals begin.

        Raises:
            StartRefused: when a member cannot take part.
        """
        with self._lock:  # a stop that comes meanwhile waits until there is something to stop
            self._start(config, request)

    def _start(self, config: RunConfig, request: dict[str, Any]) -> None:
        run = self._new_run(config, request)
        self.run = run
        self._send(
            messages.PREPARE,
            run,
            folder=str(run.folder),
            max_in_flight=config.max_in_flight,
        )
        if not run.ready.wait(READY_TIMEOUT_S):
            run.refusal = f"a member was not ready within {READY_TIMEOUT_S:g} s"
        if run.refusal:
            self.run = None
            shutil.rmtree(run.folder)  # nothing was sent, so there is nothing to keep
            raise StartRefused(run.refusal)
        self._publish(
            run, replace(run.plan, epoch_s=self._clock.monotonic_s() + EPOCH_LEAD_S, version=1)
        )
        self._show_rate(run)
        self._watching = gevent.spawn(self._watch, run)

    def finish(self) -> ActiveRun | None:
        """End the arrivals, drain, and hand over the finished run.

        Called when Locust stops the test, by its run timer or by a person. Arrivals are counted
        from the epoch, which lies after Locust's start: its timer fires before the plan's end.

        Returns:
            The run, once; None when there is none, or another caller has taken it.
        """
        with self._lock:
            run = self.run
            if run is None:
                return None
            self._watching.kill()
            if self._run_time_is_over(run):
                self._sleep_until(run, run.plan.end_s)
            self._stop(run)
            self.run = None
            return run

    def plan_time_s(self, run: ActiveRun) -> float:
        """Seconds since the run's epoch."""
        return self._clock.monotonic_s() - run.plan.epoch_s

    def rate_now_rps(self) -> float | None:
        """The planned rate at this moment; None when no run is under way or its time is over."""
        run = self.run
        if run is None or self.plan_time_s(run) >= run.plan.end_s:
            return None
        return run.plan.rates.rate_at(max(0.0, self.plan_time_s(run)))

    def _new_run(self, config: RunConfig, request: dict[str, Any]) -> ActiveRun:
        unix_s = self._clock.unix_s()
        label = f"{config.law.text}-{config.rate_rps:g}rps"
        run_id = config.run_id or new_run_id(unix_s, label, f"{randbits(16):04x}")
        folder = new_run_folder(Path(config.records), run_id)
        seed = randbits(SEED_BITS) if config.seed is None else config.seed
        plan = first_plan(
            config, run_id=run_id, seed=seed, members=(LOCAL_MEMBER,), request=request
        )
        return ActiveRun(
            config=config,
            plan=plan,
            folder=folder,
            started_unix_s=unix_s,
            started_monotonic_s=self._clock.monotonic_s(),
            target=self._target(),
        )

    def _publish(self, run: ActiveRun, plan: Plan, *, last: bool = False) -> None:
        run.plan = plan
        run.plans.append(plan.to_dict())
        self._send(messages.PLAN, run, last=last, drain_timeout_s=run.config.drain_timeout_s)

    def _send(self, kind: str, run: ActiveRun, **data: Any) -> None:
        self._runner.send_message(kind, {"plan": run.plan.to_dict(), **data})

    def _show_rate(self, run: ActiveRun) -> None:
        """Let a shape of ours show the planned rate as Locust's user count."""
        shape = self._environment.shape_class
        if isinstance(shape, PlannedShape):
            shape.follow(lambda: self._shown_users(run.config))

    def _shown_users(self, config: RunConfig) -> tuple[int, float] | None:
        rate_rps = self.rate_now_rps()
        if rate_rps is None:
            return None
        users = round(rate_rps / config.rps_per_user)
        return users, float(max(1, config.users))

    def _watch(self, run: ActiveRun) -> None:
        while True:
            gevent.sleep(WATCH_EVERY_S)
            target = self._target()
            if target.users != run.target.users:
                now_s = self.plan_time_s(run)
                plan = edit_rate(run.plan, run.config, run.target, target, now_s=now_s)
                run.target = target
                self._publish(run, plan)

    def _target(self) -> Target:
        """What Locust was asked for: its runner's target, or the form's where a shape shows."""
        options = self._environment.parsed_options
        shape = self._environment.shape_class
        users = (
            options.num_users if isinstance(shape, PlannedShape) else self._runner.target_user_count
        )
        return Target(users=int(users), spawn_rate=float(options.spawn_rate or 1.0))

    def _run_time_is_over(self, run: ActiveRun) -> bool:
        # Locust starts its timer a little before it starts the run.
        elapsed_s = self._clock.monotonic_s() - run.started_monotonic_s + TIMER_SLACK_S
        return run.config.duration_s is not None and elapsed_s >= run.config.duration_s

    def _sleep_until(self, run: ActiveRun, moment_s: float) -> None:
        left_s = moment_s - self.plan_time_s(run)
        if left_s > 0:
            gevent.sleep(left_s)

    def _stop(self, run: ActiveRun) -> None:
        now_s = max(0.0, self.plan_time_s(run))
        plan = run.plan.with_stop(now_s) if now_s < run.plan.end_s else run.plan
        self._publish(run, plan, last=True)
        if not run.drained.wait(run.config.drain_timeout_s + DRAIN_MARGIN_S):
            log.error("A member did not finish its drain in time")

    def _on_ready(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        run = self.run
        if run is not None and msg.data["run_id"] == run.plan.run_id:
            run.refusal = msg.data["error"]
            run.ready.set()

    def _on_drained(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        run = self.run
        if run is not None and msg.data["run_id"] == run.plan.run_id:
            run.reports[msg.data["member"]] = msg.data
            run.drained.set()
