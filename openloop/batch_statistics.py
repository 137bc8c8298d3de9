"""Locust's statistics of calls that another process made: counted in batches, not one by one.

One request event costs about 5 us, of 20 000 calls a second too much. So where nobody but Locust
and the engine listens to `events.request`, a batch is added to Locust's sums as it is. Where a
locustfile listens too, each arrival has its event, without the reply (`response=None`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gevent
import numpy as np
from numpy.typing import NDArray

from openloop.arrival import Arrival, Outcome
from openloop.client_events import note_client_event
from openloop.clock import Clock
from openloop.entry_sums import add_to_entry, add_to_errors
from openloop.stats_filter import StatsFilter
from records.schema import STATUSES
from records.slots import NO_TEXT, OK, REASONS, Slots, picked
from shapes.plan import Plan

MS = 1000.0
MOST_REASONS = 256
LOCUSTS_OWN = "locust.runners"

FailureMaker = Callable[[str, str, str], Exception]
"""From a call's code, its failure class and its detail to what a request event carries."""


class BatchStatistics:
    """One run's calls in Locust's statistics.

    Args:
        environment: Locust's environment.
        stats_filter: Says which arrivals are counted.
        clock: Where time comes from.
        request_type: What Locust's tables have in their first column.
        failure: Makes the exception of a failed call.
    """

    def __init__(
        self,
        environment: Any,
        stats_filter: StatsFilter,
        clock: Clock,
        *,
        request_type: str,
        failure: FailureMaker,
    ) -> None:
        self._environment = environment
        self._filter = stats_filter
        self._clock = clock
        self._request_type = request_type
        self._failure = failure

    def count(
        self, ended: Slots, texts: Sequence[str], plan: Plan, *, method: str, epoch_s: float
    ) -> None:
        """Count the calls among these arrivals.

        Args:
            ended: Arrivals that are over, or were not sent: those have no event.
            texts: What their numbers of texts mean.
            plan: Any version of the run's plan.
            method: What was called.
            epoch_s: The run's epoch on this process's monotonic clock.
        """
        calls = picked(ended, ~np.isnan(ended["sent_s"]))
        calls = with_ends(calls, self._clock.monotonic_s() - epoch_s)
        calls = calls[np.argsort(calls["received_s"], kind="stable")]
        epoch_unix_s = self._clock.unix_s() - self._clock.monotonic_s() + epoch_s
        if has_other_listeners(self._environment):
            self._fire_each(calls, texts, plan, (method, epoch_s, epoch_unix_s))
            return
        calls = picked(calls, self._filter.wanted(plan, calls["intended_s"]))
        for second in seconds_of(calls, epoch_unix_s):
            self._add(second, texts, method, epoch_unix_s)

    def _add(self, calls: Slots, texts: Sequence[str], method: str, epoch_unix_s: float) -> None:
        """Add calls that ended within one second of the wall clock."""
        stats, now_s = self._environment.stats, float(calls["received_s"][-1]) + epoch_unix_s
        failed = calls[calls["status"] != OK]
        for entry in (stats.total, stats.entries[(method, self._request_type)]):
            add_to_entry(entry, calls, failures=len(failed), unix_s=now_s)
        for of_one_kind in by_failure(failed):
            error = repr(self._failure(*_words_of(of_one_kind[0], texts)))
            times_s = of_one_kind["received_s"] + epoch_unix_s
            add_to_errors(stats, (self._request_type, method, error), times_s)

    def _fire_each(
        self,
        calls: Slots,
        texts: Sequence[str],
        plan: Plan,
        made: tuple[str, float, float],
    ) -> None:
        method, epoch_s, epoch_unix_s = made
        greenlet = gevent.getcurrent()
        try:
            for call in calls:
                # What counts it looks at the arrival that the running greenlet serves.
                greenlet.arrival = arrival_of(call, plan, method, epoch_s)
                self._fire(call, texts, method, epoch_unix_s)
        finally:
            greenlet.arrival = None

    def _fire(self, call: Any, texts: Sequence[str], method: str, epoch_unix_s: float) -> None:
        intended_s, instance = float(call["intended_s"]), int(call["instance_id"])
        is_ok = call["status"] == OK
        self._environment.events.request.fire(
            request_type=self._request_type,
            name=method,
            response_time=(float(call["received_s"]) - intended_s) * MS,
            response_length=int(call["reply_bytes"]),
            response=None,
            context={
                "k": int(call["k"]),
                "intended": intended_s,
                "sent": float(call["sent_s"]),
                "instance": None if instance == NO_TEXT else texts[instance],
            },
            exception=None if is_ok else self._failure(*_words_of(call, texts)),
            start_time=epoch_unix_s + intended_s,
        )


def has_other_listeners(environment: Any) -> bool:
    """Whether anybody but Locust's runner and the engine listens to each request."""
    listeners = environment.events.request._handlers  # noqa: SLF001 - Locust offers no look at it
    return any(
        one is not note_client_event and getattr(one, "__module__", "") != LOCUSTS_OWN
        for one in listeners
    )


def with_ends(calls: Slots, now_s: float) -> Slots:
    """Calls that were cut off end now, as far as Locust is concerned."""
    cut_off = np.isnan(calls["received_s"])
    if not cut_off.any():
        return calls
    calls = calls.copy()
    calls["received_s"][cut_off] = np.maximum(now_s, calls["sent_s"][cut_off])
    return calls


def seconds_of(calls: Slots, epoch_unix_s: float) -> Iterator[Slots]:
    """Calls in the order of their ends, cut at the seconds of the wall clock."""
    seconds: NDArray[np.float64] = np.floor(calls["received_s"] + epoch_unix_s)
    cuts = np.flatnonzero(np.diff(seconds)) + 1
    return (part for part in np.split(calls, cuts) if len(part))


def by_failure(failed: Slots) -> Iterator[Slots]:
    """Failed calls by their code and failure class."""
    kinds = failed["code"].astype(np.int64) * MOST_REASONS + failed["reason"]
    return (failed[kinds == kind] for kind in np.unique(kinds))


def arrival_of(call: Any, plan: Plan, method: str, epoch_s: float) -> Arrival:
    """The arrival that a call was made for, over."""
    intended_s = float(call["intended_s"])
    arrival = Arrival(
        int(call["k"]), intended_s, seed=plan.seed, run_id=plan.run_id, epoch_s=epoch_s
    )
    arrival.in_measured_phase = intended_s >= plan.warm_up_s
    arrival.method, arrival.client_marks = method, True
    arrival.sent_s = float(call["sent_s"])
    arrival.outcome = Outcome(STATUSES[call["status"]], float(call["received_s"]))
    return arrival


def _words_of(call: Any, texts: Sequence[str]) -> tuple[str, str, str]:
    """Code, failure class and detail."""
    code, reason, detail = int(call["code"]), int(call["reason"]), int(call["detail"])
    return (
        "" if code == NO_TEXT else texts[code],
        "" if reason < 0 else REASONS[reason],
        "" if detail == NO_TEXT else texts[detail],
    )
