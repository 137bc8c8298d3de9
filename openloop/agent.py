"""The member's end of the messages: takes plans, runs them, reports back."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import gevent

from openloop import messages
from openloop.clock import Clock
from openloop.errors import OpenLoopError
from openloop.member import MemberRun
from openloop.stats_filter import StatsFilter
from records.run_folder import RunFolderError
from shapes.errors import InvalidValue
from shapes.plan import Plan

log = logging.getLogger(__name__)

LOCAL_MEMBER = "local"


class Agent:
    """One member process (or the local one): holds at most one run at a time.

    Args:
        environment: Locust's environment; its runner carries the messages.
        clock: Where time comes from.
    """

    def __init__(self, environment: Any, clock: Clock) -> None:
        self._environment = environment
        self._clock = clock
        self._runner = environment.runner
        self._stats_filter = StatsFilter(environment.stats)
        self.run: MemberRun | None = None
        self._plan: Plan | None = None
        self._runner.register_message(messages.PREPARE, self._on_prepare)
        self._runner.register_message(messages.PLAN, self._on_plan)

    def _on_prepare(self, environment: Any, msg: Any, **_: Any) -> None:
        plan = Plan.from_dict(msg.data["plan"])
        error = None
        try:
            self.run = MemberRun(
                environment,
                plan,
                member=LOCAL_MEMBER,
                folder=Path(msg.data["folder"]),
                clock=self._clock,
                max_in_flight=msg.data["max_in_flight"],
                stats_filter=self._stats_filter,
            )
            self.run.prepare()
        except (OpenLoopError, InvalidValue, RunFolderError) as refused:
            error = str(refused)
            self._discard()
        self._report(messages.READY, plan.run_id, {"error": error})

    def _discard(self) -> None:
        """Forget a run that will not begin."""
        run, self.run = self.run, None
        if run is not None:
            run.close()

    def _on_plan(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        plan = Plan.from_dict(msg.data["plan"])
        if self.run is None:
            return
        self._plan = plan
        self.run.follow(plan, epoch_monotonic_s=plan.epoch_s)
        if msg.data["last"]:
            gevent.spawn(self._drain, msg.data["drain_timeout_s"])

    def _drain(self, timeout_s: float) -> None:
        run, plan = self.run, self._plan
        assert run is not None, "a plan came first"
        assert plan is not None, "a plan came first"
        report = run.drain(timeout_s)
        self.run = None
        self._report(messages.DRAINED, plan.run_id, report)

    def _report(self, kind: str, run_id: str, data: dict[str, Any]) -> None:
        self._runner.send_message(kind, {"run_id": run_id, "member": LOCAL_MEMBER, **data})
