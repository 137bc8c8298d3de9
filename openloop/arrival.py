"""One arrival while it is under way, and what a call says of its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import gevent

STATUS_SEVERITY = {"ok": 0, "failed": 1, "unfinished": 2}


class Outcome(NamedTuple):
    """How one call ended, in the words of the record's columns.

    Attributes:
        status: "ok", "failed" or "unfinished".
        received_s: Seconds from the run's epoch at the final status; None when there was none.
        code: gRPC code name or another protocol's status text.
        failure_class: Why it is not ok, from the record schema's list; None when ok.
        detail: One line of the target's own words.
    """

    status: str
    received_s: float | None = None
    code: str | None = None
    failure_class: str | None = None
    detail: str | None = None
    http_status: int | None = None
    instance_id: str | None = None
    instance_seq: int | None = None
    pod: str | None = None
    worker_queue_s: float | None = None
    worker_wall_s: float | None = None
    worker_cpu_s: float | None = None
    throttled_s: float | None = None
    channel: int | None = None
    request_bytes: int | None = None
    reply_bytes: int | None = None


class Arrival:
    """The planned request k, owned by the one greenlet that runs it.

    All `_s` values are seconds from the run's epoch. `epoch_s` is that epoch on this
    process's monotonic clock, so `monotonic - epoch_s` is a time of the run.
    `planned_spin_s` is the work that a trace has for it, None without one; `spin_s` what was asked.
    """

    __slots__ = (
        "_has_event",
        "client_marks",
        "epoch_s",
        "event_is_its_own",
        "in_measured_phase",
        "intended_s",
        "k",
        "method",
        "noted",
        "on_sent",
        "outcome",
        "planned_spin_s",
        "run_id",
        "seed",
        "sent_s",
        "spin_s",
    )

    def __init__(
        self, k: int, intended_s: float, *, seed: int, run_id: str, epoch_s: float
    ) -> None:
        self.k = k
        self.intended_s = intended_s
        self.seed = seed
        self.run_id = run_id
        self.epoch_s = epoch_s
        self.in_measured_phase = True
        self.on_sent: Callable[[Arrival], None] | None = None
        self.method: str | None = None
        self.client_marks = False
        self.noted: Outcome | None = None
        self.event_is_its_own = False
        self._has_event = False
        self.planned_spin_s: float | None = None
        self.spin_s: float | None = None
        self.sent_s: float | None = None
        self.outcome: Outcome | None = None

    def since_epoch(self, monotonic_s: float) -> float:
        """A reading of this process's monotonic clock as a time of the run."""
        return monotonic_s - self.epoch_s

    def mark_sent(self, sent_s: float) -> None:
        """Note when the call was handed to a connection with room for it; the first call wins."""
        if self.sent_s is not None:
            return
        self.sent_s = sent_s
        if self.on_sent is not None:
            self.on_sent(self)

    def finish(self, outcome: Outcome) -> None:
        """Note how a call of this arrival ended: the last one's figures, the worst one's status."""
        self.outcome = worse(self.outcome, outcome)

    def note(self, outcome: Outcome) -> None:
        """Keep what a client that knows nothing of arrivals said of one request; the worst stays.

        It becomes the arrival's outcome when its task returns.
        """
        self.noted = worse(self.noted, outcome)

    def note_event(self) -> None:
        """A request event is being counted: whether it is the one that stands for the arrival.

        That is the first one after the arrival's outcome is known; the first message of a stream,
        or one of several requests, comes before it.
        """
        self.event_is_its_own = self.outcome is not None and not self._has_event
        self._has_event = self._has_event or self.event_is_its_own


def worse(before: Outcome | None, after: Outcome) -> Outcome:
    """The worse of two outcomes; of equals the later."""
    if before is None or STATUS_SEVERITY[after.status] >= STATUS_SEVERITY[before.status]:
        return after
    return before


class ArrivalGreenlet(gevent.Greenlet):  # type: ignore[misc]  # gevent ships no types
    """The greenlet that runs one arrival and can be asked for it."""

    arrival: Arrival | None = None


def current_arrival() -> Arrival | None:
    """The arrival that the running greenlet serves; None in closed-loop use."""
    return getattr(gevent.getcurrent(), "arrival", None)
