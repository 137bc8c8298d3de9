"""Makes the plan of each run, lets it grow with edits and members, and brings it to its end."""

from __future__ import annotations

import logging
import math
import shutil
from dataclasses import replace
from typing import Any

import gevent
from gevent.lock import RLock

from openloop import messages
from openloop.active_run import ActiveRun
from openloop.clock import Clock
from openloop.config import RunConfig
from openloop.locust_settings import settle_locust
from openloop.locust_workers import end_run
from openloop.membership import Membership
from openloop.plan_making import edit_rate, with_members_changed, with_stop_heard
from openloop.targets import TargetSource
from shapes.plan import Plan

log = logging.getLogger(__name__)

EPOCH_LEAD_S = 0.5
TIMER_SLACK_S = 0.1
WATCH_EVERY_S = 0.05
STALLED_S = 0.5
OVERTIME_S = 2.0
DRAIN_MARGIN_S = 60.0


class Conductor:
    """On the local process or the master: one plan at a time.

    Args:
        environment: Locust's environment; its runner carries the messages.
        clock: Where time comes from.
        membership: Who takes part.
    """

    def __init__(self, environment: Any, clock: Clock, membership: Membership) -> None:
        settle_locust(environment)
        self._environment = environment
        self._runner = environment.runner
        self._clock = clock
        self._targets = TargetSource(environment)
        self._lock = RLock()
        self.membership = membership
        self.run: ActiveRun | None = None
        self._runner.register_message(messages.DRAINED, self._on_drained)

    def start(self, run: ActiveRun, asked: dict[str, Any]) -> None:
        """Prepare the members, set the epoch and let the arrivals begin.

        Args:
            run: The new run, its plan without an epoch.
            asked: What members need beside the plan.

        Raises:
            StartRefused: when a member cannot take part.
        """
        with self._lock:  # a stop that comes meanwhile waits until there is something to stop
            run.target = self._targets.now()
            self._prepare(run, asked)
            epoch_s = self._clock.monotonic_s() + EPOCH_LEAD_S
            run.started_unix_s = self._clock.unix_s() + EPOCH_LEAD_S
            self.run = run
            self._publish(run, replace(run.plan, epoch_s=epoch_s, version=1))
            self._targets.show(lambda: self._shown_users(run.config))
            self._watching = gevent.spawn(self._watch, run, asked)

    def _prepare(self, run: ActiveRun, asked: dict[str, Any]) -> None:
        try:
            self.membership.prepare(run.plan, asked)
        except BaseException:  # refused, or killed by a stop on Locust's page
            # Nothing was sent, so there is nothing to keep; members that are ready let go of it.
            self.membership.note_plan(None)
            shutil.rmtree(run.folder, ignore_errors=True)
            raise

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
            if self._run_time_is_over(run):
                self._sleep_until(run, run.plan.end_s)
            self._watching.kill()
            self._stop(run)
            self.run = None
            self.membership.note_plan(None)
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

    def _publish(self, run: ActiveRun, plan: Plan, *, last: bool = False) -> None:
        run.plan = plan
        run.plans.append(plan.to_dict())
        run.members.update(plan.members[-1].ids)
        drain_timeout_s = run.config.drain_timeout_s
        message = {"plan": plan.to_dict(), "last": last, "drain_timeout_s": drain_timeout_s}
        self.membership.note_plan(plan, message)
        self._runner.send_message(messages.PLAN, message)

    def _shown_users(self, config: RunConfig) -> tuple[int, float] | None:
        rate_rps = self.rate_now_rps()
        if rate_rps is None:
            return None
        users = round(rate_rps / config.rps_per_user)
        return users, float(max(1, config.users))

    def _watch(self, run: ActiveRun, asked: dict[str, Any]) -> None:
        looked_s = self._clock.monotonic_s()
        while True:
            gevent.sleep(WATCH_EVERY_S)
            before_s, looked_s = looked_s, self._clock.monotonic_s()
            if looked_s - before_s > STALLED_S:
                # It is we who were away: let the pings that wait be read before judging silence.
                gevent.sleep(STALLED_S)
                looked_s = self._clock.monotonic_s()
                continue
            self._follow_target(run)
            self._follow_members(run, asked)
            if self.plan_time_s(run) > run.plan.end_s + OVERTIME_S:
                # Locust's run timer is gone: an edit without a run time takes it away.
                gevent.spawn(end_run, self._environment)
                return

    def _follow_target(self, run: ActiveRun) -> None:
        target = self._targets.now()
        if target.users != run.target.users:
            now_s = self.plan_time_s(run)
            plan = edit_rate(run.plan, run.config, run.target, target, now_s=now_s)
            run.target = target
            self._publish(run, plan)

    def _follow_members(self, run: ActiveRun, asked: dict[str, Any]) -> None:
        change = self.membership.follow(run.plan, asked)
        if change is None:
            return
        for member in change.lost:
            log.error("Member %s is lost: others take its arrivals over", member)
        run.lost.extend(change.lost)
        plan = with_members_changed(
            run.plan,
            change.ids,
            now_s=self.plan_time_s(run),
            clock_error_s=change.clock_error_s,
            older=run.plans_from(change.oldest_version),
        )
        self._publish(run, plan)
        if change.lost and run.config.stops_on_member_loss:
            gevent.spawn(end_run, self._environment)

    def _run_time_is_over(self, run: ActiveRun) -> bool:
        # Locust starts its timer a little before it starts the run.
        elapsed_s = self._clock.monotonic_s() - run.asked_s + TIMER_SLACK_S
        return run.config.duration_s is not None and elapsed_s >= run.config.duration_s

    def _sleep_until(self, run: ActiveRun, moment_s: float) -> None:
        left_s = moment_s - self.plan_time_s(run)
        if left_s > 0:
            gevent.sleep(left_s)

    def _stop(self, run: ActiveRun) -> None:
        asked_s = max(0.0, self.plan_time_s(run)) + self.membership.stop_lead_s
        self._publish(run, run.plan.with_stop(min(asked_s, run.plan.end_s)), last=True)
        with gevent.Timeout(run.config.drain_timeout_s + DRAIN_MARGIN_S, False):
            while self.membership.pending(run.members - run.reports.keys()):
                gevent.sleep(WATCH_EVERY_S / 5)
        for member in sorted(run.members - run.reports.keys()):
            log.error("Member %s has not handed in its part of the run", member)
        self._note_how_far_they_came(run)

    def _note_how_far_they_came(self, run: ActiveRun) -> None:
        reached_s = max((report["reached_s"] for report in run.reports.values()), default=-math.inf)
        plan = with_stop_heard(run.plan, reached_s)
        if plan is not run.plan:
            run.plan = plan
            run.plans.append(plan.to_dict())

    def _on_drained(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        run = self.run
        if run is not None and msg.data["run_id"] == run.plan.run_id:
            run.reports[msg.data["member"]] = msg.data
