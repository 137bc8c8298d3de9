"""Looks at a member's run once a second: what it has counted, as differences of its sums.

Nothing is added to what an arrival costs: the sums are there for the verdict.
"""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Callable

import gevent

from openloop.clock import Clock
from openloop.live_state import Amounts, MemberState, Second, thinned
from openloop.member import MemberRun
from verdict.histogram import Histogram
from verdict.tally import Tally

log = logging.getLogger(__name__)

TOLD_SECONDS = 5
IDLE_S = 0.2


class Probe:
    """What is known of one run of one member.

    Args:
        run: The member's run.
        clock: Where time comes from.
    """

    def __init__(self, run: MemberRun, clock: Clock) -> None:
        self._run = run
        self._clock = clock
        self._cpu_at_start_s = clock.cpu_s()
        self._sent = 0
        self._phases = (_PhaseBefore(), _PhaseBefore())
        self._seconds: deque[Second] = deque(maxlen=TOLD_SECONDS)

    def look(self) -> MemberState:
        """Close the second that just ended; call it at the seconds of the run."""
        run, now_s = self._run, self._run.now_s
        in_flight = len(run.in_flight)
        self._seconds.append(Second(round(now_s) - 1, in_flight, self._since_last()))
        warm_up, measured = run.summary.phases
        whole = _counted(warm_up)
        whole.merge(_counted(measured))
        whole.sent = run.recorder.sent_count
        kept = _counted(measured)
        kept.lag, kept.latency = _thin(measured.lag), _thin(measured.latency)
        return MemberState(
            run_id=run.plan.run_id,
            member=run.summary.member,
            seconds=list(self._seconds),
            whole=whole,
            measured=kept,
            in_flight=in_flight,
            late_plans=run.late_plans,
            cpu_share=(self._clock.cpu_s() - self._cpu_at_start_s) / max(now_s, 1.0),
            record_error=run.record_error,
            offset_s=run.offset.offset_s,
            clock_error_s=run.offset.error_s,
        )

    def _since_last(self) -> Amounts:
        amounts = Amounts()
        for before, tally in zip(self._phases, self._run.summary.phases, strict=True):
            amounts.merge(before.step(tally))
        sent = self._run.recorder.sent_count
        amounts.sent, self._sent = sent - self._sent, sent
        return amounts


class _PhaseBefore:
    """The sums of one phase at the last look."""

    def __init__(self) -> None:
        self._counted = Amounts()
        self._lag = Histogram()
        self._latency = Histogram()

    def step(self, tally: Tally) -> Amounts:
        """What was added since."""
        now = _counted(tally)
        amounts = _difference(now, self._counted)
        amounts.lag = _added(tally.lag, self._lag)
        amounts.latency = _added(tally.latency, self._latency)
        self._counted = now
        self._lag, self._latency = _copied(tally.lag), _copied(tally.latency)
        return amounts


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


def _difference(now: Amounts, before: Amounts) -> Amounts:
    return Amounts(
        ok=now.ok - before.ok,
        failed=now.failed - before.failed,
        unfinished=now.unfinished - before.unfinished,
        unsent=_grown(now.unsent, before.unsent),
        failures=_grown(now.failures, before.failures),
    )


def _grown(now: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {key: n - before.get(key, 0) for key, n in now.items() if n > before.get(key, 0)}


def _copied(histogram: Histogram) -> Histogram:
    copy = Histogram()
    copy.merge(histogram)
    return copy


def _added(now: Histogram, before: Histogram) -> Histogram:
    """What was added since, thinned."""
    if now.total == before.total:
        return Histogram()
    old = before.counts
    new = {index: n - old.get(index, 0) for index, n in now.counts.items() if n != old.get(index)}
    return _made(
        new,
        infinite=now.infinite - before.infinite,
        sum_s=now.sum_s - before.sum_s,
        max_s=now.max_s,
    )


def _thin(histogram: Histogram) -> Histogram:
    return _made(
        histogram.counts,
        infinite=histogram.infinite,
        sum_s=histogram.sum_s,
        max_s=histogram.max_s,
    )


def _made(counts: dict[int, int], *, infinite: int, sum_s: float, max_s: float) -> Histogram:
    made = Histogram()
    made.counts = thinned(counts)
    made.finite = sum(counts.values())
    made.infinite, made.sum_s, made.max_s = infinite, sum_s, max_s
    return made


def watch_for_ever(
    current: Callable[[], MemberRun | None], tell: Callable[[MemberState], None], clock: Clock
) -> None:
    """Tell of each run of this process while it is under way, and once when it is over.

    Args:
        current: The run under way, if any.
        tell: Takes each second's state.
        clock: Where time comes from.
    """
    while True:
        run = current()
        if run is None or not math.isfinite(run.now_s):
            gevent.sleep(IDLE_S)
            continue
        _watch(run, current, tell, Probe(run, clock))


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
