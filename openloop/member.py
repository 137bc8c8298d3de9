"""One member of a run: prepares, follows the plan, drains, and hands in its summary."""

from __future__ import annotations

import gc
import inspect
import logging
import math
from pathlib import Path
from typing import Any

import gevent

from openloop.arrival import Arrival
from openloop.clock import Clock
from openloop.clock_offset import Offset, offset_report
from openloop.dispatcher import Dispatcher
from openloop.errors import StartRefused
from openloop.hooks import AFTER_RUN, BEFORE_EPOCH
from openloop.in_flight import InFlight
from openloop.pacer import new_pacer
from openloop.plan_making import is_late
from openloop.planned_spins import PlannedSpins
from openloop.recorder import Recorder
from openloop.standing import Standing
from openloop.stats_filter import StatsFilter
from openloop.task_mix import TaskMix
from openloop.user_pool import UserPool
from records.sink import RecordSink
from shapes.plan import Plan
from verdict.member_summary import MemberSummary

log = logging.getLogger(__name__)

FLUSH_EVERY_S = 0.25
WARM_USERS = 4
WATCH_EVERY_S = 0.05
SINK_CLOSE_S = 30.0


class MemberRun:
    """What one member does for one run.

    Args:
        environment: Locust's environment.
        plan: The plan, perhaps without its epoch yet.
        standing: This member's name, clock and leave to send.
        folder: The run folder on this machine.
        clock: Where time comes from.
        max_in_flight: Most arrivals under way at once.
        stats_filter: Told when this run begins and when its warm-up is over.
    """

    def __init__(
        self,
        environment: Any,
        plan: Plan,
        *,
        standing: Standing,
        folder: Path,
        clock: Clock,
        max_in_flight: int,
        stats_filter: StatsFilter,
    ) -> None:
        self._stats_filter = stats_filter
        stats_filter.new_run(plan.run_id)
        self._environment = environment
        self._clock = clock
        self.plan = plan
        self._standing = standing
        self._late_plans = 0
        self._offset: Offset | None = None
        self._epoch_s = math.inf
        self.is_draining = False
        self._pacer = new_pacer(clock)
        self._pool = UserPool(environment)
        member = standing.member
        self.summary = MemberSummary(plan, member)
        self._sink = RecordSink.start(folder, member)
        self.recorder = Recorder(self._sink, self.summary, member=member, warm_up_s=plan.warm_up_s)
        mix = TaskMix(environment.user_classes, plan.seed)
        self.in_flight = InFlight(
            environment,
            mix=mix,
            pool=self._pool,
            recorder=self.recorder,
            clock=clock,
            limit=max_in_flight,
        )
        self._dispatcher = Dispatcher(
            member,
            clock=clock,
            pacer=self._pacer,
            leave=standing.leave,
            send=self._send,
            skip=self.recorder.unsent,
        )
        self._mix = mix
        self._spins = PlannedSpins(plan)
        self._dispatching: gevent.Greenlet | None = None

    def prepare(self) -> None:
        """Connect and warm up; may take seconds, so it comes before the epoch is set.

        Raises:
            StartRefused: when a listener cannot take part in the run.
        """
        BEFORE_EPOCH.fire(environment=self._environment, request=self.plan.request)
        for user_class in self._mix.user_classes:
            self._warm(user_class)
        keep_the_hub_free()

    def _warm(self, user_class: Any) -> None:
        """Make some users ahead; Locust sets their host only after this."""
        user_class.host = self.plan.request.get("host") or user_class.host
        try:
            self._pool.warm(user_class, WARM_USERS)
        except Exception as error:
            raise StartRefused(f"a {user_class.__name__} cannot be made: {error}") from error

    @property
    def next_k(self) -> int:
        """The first arrival that is not dispatched yet."""
        return self._dispatcher.next_k

    @property
    def late_plans(self) -> int:
        """Plans that came after they had taken effect."""
        return self._late_plans

    @property
    def record_error(self) -> str | None:
        """Why rows cannot be written; None while they can."""
        return self._sink.error

    @property
    def offset(self) -> Offset:
        """The offset of the conductor's clock that this run uses, or would use now."""
        return self._offset or self._standing.offset

    @property
    def now_s(self) -> float:
        """Seconds since the epoch."""
        return self._clock.monotonic_s() - self._epoch_s

    def follow(self, plan: Plan) -> None:
        """Take the plan or its next version; the first call starts the dispatching."""
        is_first = self._dispatching is None
        if is_first:
            # Kept for the whole run: a better estimate later must not move arrivals.
            self._offset = self._standing.offset
            self._epoch_s = plan.epoch_s - self._offset.offset_s
        before = None if is_first else self.plan
        self._late_plans += is_late(before, plan, self.now_s, self._standing.member)
        self.plan = plan
        self.summary.follow(plan)
        self._dispatcher.follow(plan, epoch_monotonic_s=self._epoch_s)
        if is_first:
            self._start()

    def stop_now(self) -> None:
        """Let nothing that is due from now on be sent."""
        if self._dispatching is not None:
            self.follow(self.plan.with_stop(max(0.0, self.now_s)))

    def wait_until_out(self) -> None:
        """Wait until the plan's members are others and that has taken effect."""
        while True:
            last = self.plan.members[-1]
            if self._standing.member not in last.ids and self.now_s >= last.at_s:
                return
            gevent.sleep(WATCH_EVERY_S)

    def _start(self) -> None:
        self._cpu_at_start_s = self._clock.cpu_s()
        self._dispatching = gevent.spawn(self._dispatcher.run)
        self._beside = [gevent.spawn(self._flush_for_ever)]
        if self.plan.warm_up_s:
            self._beside.append(gevent.spawn(self._end_warm_up))

    def drain(self, timeout_s: float) -> dict[str, Any]:
        """Dispatch what the plan still holds, wait for what is in flight, close the records.

        Args:
            timeout_s: How long calls in flight are waited for; the rest is cut off.

        Returns:
            The report for the conductor: summary, records report, CPU share, late plans.
        """
        self.is_draining = True
        if self._dispatching is not None:
            self._dispatching.join()
            cpu_share = self._cpu_share()
            cut_off = self.in_flight.drain(timeout_s)
            if cut_off:
                log.warning("%d calls were still in flight at the end of the drain", cut_off)
            gevent.killall(self._beside)
        else:
            cpu_share = 0.0
        return {
            "cpu_share": cpu_share,
            "late_plans": self._late_plans,
            "reached_s": self._dispatcher.reached_s,
            "offset": self._offset and offset_report(self._offset, self._standing.offset),
            **self.close(),
        }

    def close(self) -> dict[str, Any]:
        """End the records and give everything back; of the report, what they say."""
        self.recorder.flush()
        sink = self._sink.close(timeout_s=SINK_CLOSE_S)
        self._pool.close()
        self._pacer.close()
        AFTER_RUN.fire(environment=self._environment)
        gc.unfreeze()
        return {"summary": self.summary.to_dict(), "record_error": sink.error}

    def _send(self, k: int, intended_s: float) -> None:
        arrival = Arrival(
            k,
            intended_s,
            seed=self.plan.seed,
            run_id=self.plan.run_id,
            epoch_s=self._epoch_s,
        )
        arrival.in_measured_phase = intended_s >= self.plan.warm_up_s
        arrival.planned_spin_s = self._spins.of(k)
        self.in_flight.start(arrival)

    def _cpu_share(self) -> float:
        """CPU seconds of this process per second of the run."""
        elapsed_s = self.now_s
        used_s = self._clock.cpu_s() - self._cpu_at_start_s
        return used_s / elapsed_s if elapsed_s > 0 else 0.0

    def _end_warm_up(self) -> None:
        """One reset of Locust's statistics, at the planned time."""
        gevent.sleep(max(0.0, self.plan.warm_up_s - self.now_s))
        self._stats_filter.end_warm_up()

    def _flush_for_ever(self) -> None:
        while True:
            gevent.sleep(FLUSH_EVERY_S)
            self.recorder.flush()


def keep_the_hub_free() -> None:
    """Do now what would hold up the hub for milliseconds while arrivals are sent."""
    inspect.stack()  # Locust looks at its stack when its timer fires; the first look reads sources
    gc.collect()
    gc.freeze()  # a full collection goes over all that is loaded
