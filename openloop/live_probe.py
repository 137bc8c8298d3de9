"""Looks at a member's run once a second: what it has counted, as differences of its sums.

Nothing is added to what an arrival costs: the sums are there for the verdict.
"""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import gevent

from openloop.live_state import Amounts, MemberState, Second, thinned
from openloop.member import MemberRun
from verdict.histogram import Histogram
from verdict.tally import Tally

log = logging.getLogger(__name__)

TOLD_SECONDS = 5
BUCKETS_A_STEP = 1000
IDLE_S = 0.2


class Probe:
    """What is known of one run of one member.

    Args:
        run: The member's run.
        give_way: Called between steps of some 0.1 ms: arrivals come first.
    """

    def __init__(self, run: MemberRun, give_way: Callable[[], None] = lambda: None) -> None:
        self._run = run
        self._give_way = give_way
        self._cpu_at_start_s = run.sending.cpu_s()
        self._before = _Moment(0, 0, (_Phase.empty(), _Phase.empty()))
        self._seconds: deque[Second] = deque(maxlen=TOLD_SECONDS)
        self._measured = Amounts()

    def look(self) -> MemberState:
        """Close the second that just ended; call it at the seconds of the run."""
        run, now_s = self._run, self._run.now_s
        before, now = self._before, _Moment.of(run)
        self._before = now
        warm_up, measured = (
            _since(phase, old, self._give_way)
            for phase, old in zip(now.phases, before.phases, strict=True)
        )
        self._measured.merge(measured)
        measured.merge(warm_up)
        measured.sent = now.sent - before.sent
        self._seconds.append(Second(round(now_s) - 1, now.in_flight, measured))
        return MemberState(
            run_id=run.plan.run_id,
            member=run.summary.member,
            seconds=list(self._seconds),
            whole=now.whole(),
            measured=self._measured,
            in_flight=now.in_flight,
            late_plans=run.late_plans,
            engine_deaths=run.sending.deaths,
            engine_hangs=run.sending.hangs,
            cpu_share=(run.sending.cpu_s() - self._cpu_at_start_s) / max(now_s, 1.0),
            record_error=run.record_error,
            offset_s=run.offset.offset_s,
            clock_error_s=run.offset.error_s,
        )


@dataclass(frozen=True)
class _Phase:
    """The sums of a phase at one moment."""

    counted: Amounts
    lag: Histogram
    latency: Histogram

    @classmethod
    def empty(cls) -> _Phase:
        return cls(Amounts(), Histogram(), Histogram())

    @classmethod
    def of(cls, tally: Tally) -> _Phase:
        return cls(_counted(tally), tally.lag.copy(), tally.latency.copy())


@dataclass(frozen=True)
class _Moment:
    """All sums of a member at one moment: copied before anything else runs."""

    sent: int
    in_flight: int
    phases: tuple[_Phase, _Phase]

    @classmethod
    def of(cls, run: MemberRun) -> _Moment:
        warm_up, measured = run.summary.phases
        phases = (_Phase.of(warm_up), _Phase.of(measured))
        return cls(run.recorder.sent_count, len(run.sending), phases)

    def whole(self) -> Amounts:
        """Counts of both phases."""
        whole = Amounts()
        for phase in self.phases:
            whole.merge(phase.counted)
        whole.sent = self.sent
        return whole


def _counted(tally: Tally) -> Amounts:
    """The counts of a phase, without its histograms."""
    statuses = tally.statuses
    ok, failed = statuses.get("ok", 0), statuses.get("failed", 0)
    unfinished = statuses.get("unfinished", 0)
    return Amounts(
        sent=ok + failed + unfinished,
        ok=ok,
        failed=failed,
        unfinished=unfinished,
        unsent=dict(tally.unsent),
        failures=dict(tally.failure_classes),
    )


def _since(now: _Phase, before: _Phase, give_way: Callable[[], None]) -> Amounts:
    """What a phase gained."""
    new, old = now.counted, before.counted
    return Amounts(
        sent=new.sent - old.sent,
        ok=new.ok - old.ok,
        failed=new.failed - old.failed,
        unfinished=new.unfinished - old.unfinished,
        unsent=_grown(new.unsent, old.unsent),
        failures=_grown(new.failures, old.failures),
        lag=_added(now.lag, before.lag, give_way),
        latency=_added(now.latency, before.latency, give_way),
    )


def _grown(now: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {key: n - before.get(key, 0) for key, n in now.items() if n > before.get(key, 0)}


def _added(now: Histogram, before: Histogram, give_way: Callable[[], None]) -> Histogram:
    """What was added since, thinned."""
    added = Histogram()
    if now.total == before.total:
        return added
    new: dict[int, int] = {}
    items, old = list(now.counts.items()), before.counts
    for first in range(0, len(items), BUCKETS_A_STEP):
        some = items[first : first + BUCKETS_A_STEP]
        new |= {at: n - old.get(at, 0) for at, n in some if n != old.get(at)}
        give_way()
    added.counts = thinned(new)
    added.finite = now.finite - before.finite
    added.infinite = now.infinite - before.infinite
    added.sum_s = now.sum_s - before.sum_s
    added.max_s = now.max_s
    return added


def watch_for_ever(
    current: Callable[[], MemberRun | None], tell: Callable[[MemberState], None]
) -> None:
    """Tell of each run of this process while it is under way, and once when it is over.

    Args:
        current: The run under way, if any.
        tell: Takes each second's state.
    """
    while True:
        run = current()
        if run is None or not math.isfinite(run.now_s):
            gevent.sleep(IDLE_S)
            continue
        _watch(run, current, tell, Probe(run, give_way=lambda: gevent.sleep(0)))


def _watch(
    run: MemberRun,
    current: Callable[[], MemberRun | None],
    tell: Callable[[MemberState], None],
    probe: Probe,
) -> None:
    is_over = False
    while not is_over:
        gevent.sleep(1.0 - run.now_s % 1.0)
        is_over = current() is not run
        try:
            tell(probe.look())
        except Exception:
            # The pages would miss a second; the run itself must not feel it.
            log.debug("A second could not be told", exc_info=True)
