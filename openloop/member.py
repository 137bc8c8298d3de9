"""One member of a run: prepares, follows the plan, drains, and hands in its summary."""

from __future__ import annotations

import gc
import inspect
import logging
import math
from pathlib import Path
from typing import Any

import gevent

from openloop.clock import Clock
from openloop.clock_offset import Offset, offset_report
from openloop.hooks import AFTER_RUN, BEFORE_EPOCH, MAKE_SENDING
from openloop.hub_sending import HubSending
from openloop.plan_making import is_late
from openloop.recorder import Recorder
from openloop.sending import Sending, SendingSetup
from openloop.standing import Standing
from openloop.stats_filter import StatsFilter
from records.sink import RecordSink
from shapes.plan import Plan
from verdict.member_summary import MemberSummary

log = logging.getLogger(__name__)

FLUSH_EVERY_S = 0.25
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
        member = standing.member
        self.summary = MemberSummary(plan, member)
        self._sink = RecordSink.start(folder, member)
        self.recorder = Recorder(self._sink, self.summary, member=member, warm_up_s=plan.warm_up_s)
        setup = SendingSetup(
            environment=environment,
            plan=plan,
            standing=standing,
            recorder=self.recorder,
            clock=clock,
            max_in_flight=max_in_flight,
            stats_filter=stats_filter,
            folder=folder,
        )
        other = MAKE_SENDING.first(setup=setup)
        self.sending: Sending = HubSending(setup) if other is None else other
        self._beside: list[gevent.Greenlet] = []

    def prepare(self) -> None:
        """Connect and warm up; may take seconds, so it comes before the epoch is set.

        Raises:
            StartRefused: when a listener or the sending cannot take part in the run.
        """
        BEFORE_EPOCH.fire(environment=self._environment, request=self.plan.request)
        self.sending.prepare()
        keep_the_hub_free()

    @property
    def next_k(self) -> int:
        """The first arrival that is not dispatched yet."""
        return self.sending.next_k

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

    @property
    def cpu_share(self) -> float:
        """CPU seconds of the process that sends per second of the run."""
        elapsed_s = self.now_s
        used_s = self.sending.cpu_s() - self._cpu_at_start_s
        return used_s / elapsed_s if elapsed_s > 0 else 0.0

    @property
    def _has_begun(self) -> bool:
        return self._epoch_s != math.inf

    def follow(self, plan: Plan) -> None:
        """Take the plan or its next version; the first call starts the dispatching."""
        is_first = not self._has_begun
        if is_first:
            # Kept for the whole run: a better estimate later must not move arrivals.
            self._offset = self._standing.offset
            self._epoch_s = plan.epoch_s - self._offset.offset_s
        before = None if is_first else self.plan
        self._late_plans += is_late(before, plan, self.now_s, self._standing.member)
        self.plan = plan
        self.summary.follow(plan)
        self.sending.follow(plan, epoch_monotonic_s=self._epoch_s)
        if is_first:
            self._start()

    def stop_now(self) -> None:
        """Let nothing that is due from now on be sent."""
        if self._has_begun:
            self.follow(self.plan.with_stop(max(0.0, self.now_s)))

    def wait_until_out(self) -> None:
        """Wait until the plan's members are others and that has taken effect."""
        while True:
            last = self.plan.members[-1]
            if self._standing.member not in last.ids and self.now_s >= last.at_s:
                return
            gevent.sleep(WATCH_EVERY_S)

    def _start(self) -> None:
        self._cpu_at_start_s = self.sending.cpu_s()
        self._beside.append(gevent.spawn(self._flush_for_ever))
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
        cpu_share = 0.0
        if self._has_begun:
            self.sending.join()
            cpu_share = self.cpu_share
            cut_off = self.sending.drain(timeout_s)
            if cut_off:
                log.warning("%d calls were still in flight at the end of the drain", cut_off)
            gevent.killall(self._beside)
        return {
            "cpu_share": cpu_share,
            "late_plans": self._late_plans,
            "engine_deaths": self.sending.deaths,
            "engine_hangs": self.sending.hangs,
            "reached_s": self.sending.reached_s,
            "offset": self._offset and offset_report(self._offset, self._standing.offset),
            **self.close(),
        }

    def close(self) -> dict[str, Any]:
        """End the records and give everything back; of the report, what they say."""
        self.sending.collect()
        self.recorder.flush()
        sink = self._sink.close(timeout_s=SINK_CLOSE_S)
        self.sending.close()
        AFTER_RUN.fire(environment=self._environment)
        gc.unfreeze()
        return {"summary": self.summary.to_dict(), "record_error": sink.error}

    def _end_warm_up(self) -> None:
        """One reset of Locust's statistics, at the planned time."""
        gevent.sleep(max(0.0, self.plan.warm_up_s - self.now_s))
        self._stats_filter.end_warm_up()

    def _flush_for_ever(self) -> None:
        while True:
            gevent.sleep(FLUSH_EVERY_S)
            self.sending.collect()
            self.recorder.flush(lambda: gevent.sleep(0))


def keep_the_hub_free() -> None:
    """Do now what would hold up the hub for milliseconds while arrivals are sent."""
    inspect.stack()  # Locust looks at its stack when its timer fires; the first look reads sources
    gc.collect()
    gc.freeze()  # a full collection goes over all that is loaded
