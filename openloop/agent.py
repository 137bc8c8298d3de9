"""The member's end of the messages: takes plans, runs them, reports back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from locust.runners import WorkerRunner

from openloop import messages
from openloop.client_events import note_client_event
from openloop.clock import Clock
from openloop.contact import Following, MasterContact
from openloop.errors import OpenLoopError
from openloop.member import MemberRun
from openloop.standing import Alone, Standing
from openloop.stats_filter import StatsFilter
from records.run_folder import RunFolderError, join_run_folder
from records.sink import RecordingError
from shapes.errors import InvalidValue
from shapes.plan import Plan

log = logging.getLogger(__name__)

LEAVE_TIMEOUT_S = 5.0
DEFAULT_DRAIN_S = 30.0
REFUSALS = (OpenLoopError, InvalidValue, RunFolderError, RecordingError)


class Agent:
    """One member process (or the local one): holds at most one run at a time.

    Args:
        environment: Locust's environment; its runner carries the messages.
        clock: Where time comes from.
        on_master_lost: Called on a worker when its run was ended because the master is gone.
    """

    def __init__(self, environment: Any, clock: Clock, on_master_lost: Callable[[], None]) -> None:
        self._environment = environment
        self._clock = clock
        self._runner = environment.runner
        self._stats_filter = StatsFilter(environment.stats)
        environment.events.request.add_listener(note_client_event)
        self._tell_master_lost = on_master_lost
        self.run: MemberRun | None = None
        self._drain_timeout_s = DEFAULT_DRAIN_S
        self._idle = Event()
        self._idle.set()
        is_worker = isinstance(self._runner, WorkerRunner)
        # Connecting takes seconds, in which Locust must read its other messages.
        self._runner.register_message(messages.PREPARE, self._on_prepare, concurrent=is_worker)
        self._runner.register_message(messages.PLAN, self._on_plan)
        self.standing: Standing = self._contact() if is_worker else Alone()

    def leave(self) -> None:
        """Go before the run is over: hand the arrivals on, drain, report. Returns when done."""
        if isinstance(self._runner, WorkerRunner):
            self._runner.send_message(messages.LEAVING, {})
        if self.run is None:
            return
        with gevent.Timeout(LEAVE_TIMEOUT_S, False):
            self.run.wait_until_out()
        self._end()
        self._idle.wait()

    def _contact(self) -> MasterContact:
        return MasterContact(
            self._runner,
            self._clock,
            following=self._following,
            on_master_lost=self._on_master_lost,
            on_run_over=self._end,
        )

    def _following(self) -> Following:
        return (None, 0) if self.run is None else (self.run.plan.run_id, self.run.plan.version)

    def _on_prepare(self, environment: Any, msg: Any, **_: Any) -> None:
        plan = Plan.from_dict(msg.data["plan"])
        if self.run is not None and self.run.plan.run_id == plan.run_id:  # asked twice
            return
        self._end()  # an earlier run whose stop never came here
        self._idle.wait()
        error = None
        try:
            self._prepare(environment, plan, msg.data)
        except REFUSALS as refused:
            error = str(refused)
        ready = {"run_id": plan.run_id, "error": error, "digest": plan.digest(0)}
        self._runner.send_message(messages.READY, ready)

    def _prepare(self, environment: Any, plan: Plan, asked: dict[str, Any]) -> None:
        take_choice_of_tasks(environment, asked)
        run = MemberRun(
            environment,
            plan,
            standing=self.standing,
            folder=join_run_folder(Path(asked["folder"]).parent, plan.run_id),
            clock=self._clock,
            max_in_flight=asked["max_in_flight"],
            stats_filter=self._stats_filter,
        )
        try:
            run.prepare()
        except REFUSALS:
            run.close()
            raise
        self.run = run
        self._idle.clear()

    def _on_plan(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        plan = Plan.from_dict(msg.data["plan"])
        run = self.run
        if run is None or run.plan.run_id != plan.run_id:
            return
        self._drain_timeout_s = msg.data["drain_timeout_s"]
        if plan.version > run.plan.version:
            run.follow(plan)
            self.standing.acknowledge(plan, run.next_k)
        if msg.data["last"]:
            gevent.spawn(self._drain)

    def _on_master_lost(self) -> None:
        log.error("The master has been silent for too long: this member ends its run")
        self._end()
        gevent.spawn(self._quit_when_idle)

    def _quit_when_idle(self) -> None:
        self._idle.wait()
        self._tell_master_lost()

    def _end(self) -> None:
        """Stop by ourselves: nothing more is sent, what was sent is drained."""
        if self.run is not None:
            self.run.stop_now()
            gevent.spawn(self._drain)

    def _drain(self) -> None:
        run = self.run
        if run is None or run.is_draining:
            return
        report = run.drain(self._drain_timeout_s)
        self.run = None
        self._send_last_statistics()
        self._runner.send_message(
            messages.DRAINED,
            {"run_id": run.plan.run_id, "member": self.standing.member, **report},
        )
        self._idle.set()

    def _send_last_statistics(self) -> None:
        """Headless Locust ends without waiting for its workers' last reports: send ours now."""
        if isinstance(self._runner, WorkerRunner):
            self._runner._send_stats()  # noqa: SLF001 - Locust offers no other way


def take_choice_of_tasks(environment: Any, asked: dict[str, Any]) -> None:
    """Use the user classes and tags that were chosen on the master.

    Locust tells workers the tags with its own start message, which may come later than ours.
    """
    chosen = asked["user_classes"]
    every = environment.available_user_classes or {
        cls.__name__: cls for cls in environment.user_classes
    }
    environment.user_classes = [every[name] for name in chosen if name in every]
    if environment.parsed_options is not None:
        environment.parsed_options.tags = asked["tags"]
        environment.parsed_options.exclude_tags = asked["exclude_tags"]
    environment._filter_tasks_by_tags()  # noqa: SLF001 - as Locust does on its start message
