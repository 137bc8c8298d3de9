"""Arrivals under way: one greenlet each, started, counted, drained and cut off."""

import logging
from typing import Any

import gevent
from locust.exception import (
    InterruptTaskSet,
    RescheduleTask,
    RescheduleTaskImmediately,
    StopTest,
    StopUser,
)

from openloop.arrival import Arrival, Outcome
from openloop.client_events import fire_arrival_event
from openloop.clock import Clock
from openloop.crew import Crew
from openloop.recorder import Recorder
from openloop.task_mix import Pick, TaskMix
from openloop.user_pool import UserPool

log = logging.getLogger(__name__)

ORDINARY_ENDS = (StopUser, InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately)
KILL_WAIT_S = 5.0


class InFlight:
    """Runs the tasks of one member's arrivals in one run.

    Args:
        environment: Locust's environment, for its events.
        mix: What arrival k runs.
        pool: The user instances that tasks run on.
        recorder: Told of each sending and each end.
        clock: Where time comes from.
        limit: How many arrivals may be under way at once (`--max-in-flight`).
    """

    def __init__(
        self,
        environment: Any,
        *,
        mix: TaskMix,
        pool: UserPool,
        recorder: Recorder,
        clock: Clock,
        limit: int,
    ) -> None:
        self._environment = environment
        self._mix = mix
        self._pool = pool
        self._recorder = recorder
        self._clock = clock
        self._limit = limit
        self._crew = Crew(self._run)

    def __len__(self) -> int:
        """How many arrivals are under way now."""
        return len(self._crew)

    def start(self, arrival: Arrival) -> None:
        """Start an arrival's task at once, or note that the limit forbids it."""
        if len(self._crew) >= self._limit:
            self._recorder.unsent(arrival.k, arrival.intended_s, "max-in-flight")
            return
        arrival.on_sent = self._recorder.sent
        self._crew.start(arrival)

    def drain(self, timeout_s: float) -> int:
        """Wait for what is under way, then cut off the rest; how many were cut off."""
        gevent.sleep(0)  # a greenlet killed before its first step would leave no row
        self._crew.join(timeout_s)
        left = len(self._crew)
        self._crew.cut_off(KILL_WAIT_S)
        return left

    def _run(self, arrival: Arrival) -> None:
        dispatched_s = arrival.since_epoch(self._clock.monotonic_s())
        pick = self._mix.pick(arrival.k)
        arrival.method = pick.task.__name__
        arrival.client_marks = pick.user_class.marks_sent  # type: ignore[attr-defined]  # OpenLoop's
        if not arrival.client_marks:
            arrival.mark_sent(dispatched_s)
        user = None
        try:
            user = self._pool.take(pick.user_class)
            self._run_task(arrival, pick, user)
            self._settle(arrival, dispatched_s)
        except gevent.GreenletExit:
            pass  # cut off at the end of the drain: the recorder writes it as unfinished
        finally:
            self._recorder.ended(arrival)
            if user is not None:
                self._pool.give_back(user)

    def _run_task(self, arrival: Arrival, pick: Pick, user: Any) -> None:
        holder = user
        try:
            for task_set in pick.task_sets:
                holder = task_set(holder)
            pick.task(holder)
        except ORDINARY_ENDS:
            pass
        except StopTest as stop:
            log.error("The test is stopped by a task: %s", stop)  # noqa: TRY400 - asked for, no fault
            gevent.spawn(self._environment.runner.stop)
        except Exception as error:
            log.exception("Task %s raised", pick.task.__name__)
            self._environment.events.user_error.fire(
                user_instance=user, exception=error, tb=error.__traceback__
            )
            arrival.finish(_task_failure(error))

    def _settle(self, arrival: Arrival, dispatched_s: float) -> None:
        """Fill in what the task's client left unsaid: sent when dispatched, ended on return."""
        arrival.mark_sent(dispatched_s)
        if arrival.noted is not None:
            arrival.finish(arrival.noted)
        if arrival.outcome is None or arrival.outcome.received_s is None:
            now_s = arrival.since_epoch(self._clock.monotonic_s())
            said = arrival.outcome or Outcome(status="ok")
            arrival.outcome = said._replace(received_s=now_s)
        if not arrival.client_marks:
            fire_arrival_event(self._environment, arrival)


def _task_failure(error: Exception) -> Outcome:
    return Outcome(
        status="failed", failure_class="generator", detail=f"{type(error).__name__}: {error}"
    )
