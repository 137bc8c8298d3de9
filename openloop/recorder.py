"""From an arrival's end to its row: one place where records and live summaries are fed."""

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from openloop.arrival import Arrival, Outcome
from records.schema import CallRecord
from records.sink import RecordSink
from records.slot_batches import frames_of
from records.slots import Slots
from verdict.member_summary import MemberSummary

WARM_UP = "warm-up"
MEASURED = "measured"
SUMMED_AT_ONCE = 64
CANCELLED = Outcome(status="unfinished", failure_class="cancelled")


class Recorder:
    """Writes one row per arrival of one member.

    Args:
        sink: Where rows go.
        summary: The bounded summary that is kept beside them.
        member: The member's name.
        warm_up_s: Arrivals intended before this are of the warm-up phase.
    """

    def __init__(
        self, sink: RecordSink, summary: MemberSummary, *, member: str, warm_up_s: float
    ) -> None:
        self._sink = sink
        self._summary = summary
        self._member = member
        self._warm_up_s = warm_up_s
        self._sent: deque[tuple[int, float, float]] = deque()
        self.sent_count = 0
        self.unsent_count = 0
        self.ended_count = 0

    def sent(self, arrival: Arrival) -> None:
        """A call has left; called in the order of sending."""
        assert arrival.sent_s is not None, "mark_sent() calls this"
        self.sent_count += 1
        # Summed up later: this runs between the stamp and the sending itself.
        self._sent.append((arrival.k, arrival.intended_s, arrival.sent_s))

    def ended(self, arrival: Arrival) -> None:
        """An arrival is over; without an outcome of its own it was cut off."""
        if arrival.sent_s is None:
            reason = "stopped" if arrival.outcome is None else arrival.outcome.failure_class
            self.unsent(arrival.k, arrival.intended_s, reason or "stopped")
            return
        self.ended_count += 1
        self._add(self._row(arrival, arrival.outcome or CANCELLED))

    def unsent(self, k: int, intended_s: float, reason: str) -> None:
        """An arrival that was planned and not sent, with its reason."""
        self.unsent_count += 1
        self._add(
            CallRecord(
                k=k,
                phase=phase_of(intended_s, self._warm_up_s),
                method="",
                member=self._member,
                intended_s=intended_s,
                status="unsent",
                failure_class=reason,
            )
        )

    def take(
        self,
        sent: Slots,
        ended: Slots,
        texts: Sequence[str],
        *,
        method: str,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """Many arrivals at once, from a process that sends them.

        Args:
            sent: Calls that have left, in the order of sending.
            ended: Arrivals that are over, or were not sent.
            texts: What their numbers of texts mean.
            method: What is called.
            give_way: Called between pieces of the work: who sends may want the same core.
        """
        not_sent = int(np.count_nonzero(np.isnan(ended["sent_s"])))
        self.sent_count += len(sent)
        self.unsent_count += not_sent
        self.ended_count += len(ended) - not_sent
        frames = frames_of(ended, texts, method=method, warm_up_s=self._warm_up_s)
        self._sink.append_frames(frames)
        give_way()
        self._summary.add_sends(sent)
        give_way()
        self._summary.add_many(ended, texts, give_way)
        give_way()

    @property
    def given_bytes(self) -> int:
        """Bytes of the rows that were flushed so far."""
        return self._sink.given_bytes

    @property
    def passed_bytes(self) -> int:
        """Of those, how many the writer's pipe has taken: our death does not lose these."""
        return self._sink.passed_bytes

    def push(self) -> None:
        """Hand over what waits for the writer, as far as its pipe has room."""
        self._sink.push()

    def lose(self, count: int, reason: str) -> None:
        """Say of rows that will never come that they are lost.

        Args:
            count: How many.
            reason: What has become of them, in some words.
        """
        self._sink.lose(count, reason)

    @property
    def writer_pid(self) -> int:
        """The process that writes the rows."""
        return self._sink.writer_pid

    def flush(self, give_way: Callable[[], None] = lambda: None) -> None:
        """Hand what is buffered to the writer and to the summary.

        Args:
            give_way: Called between pieces of some 0.1 ms: what falls due meanwhile comes first.
        """
        self._sink.flush()
        while self._sent:
            # From the queue itself: whoever flushes while this one gives way goes on where it was.
            for _ in range(min(SUMMED_AT_ONCE, len(self._sent))):
                self._summary.add_sent(*self._sent.popleft())
            give_way()

    def _add(self, record: CallRecord) -> None:
        self._sink.append(record)
        self._summary.add(record)

    def _row(self, arrival: Arrival, outcome: Outcome) -> CallRecord:
        return CallRecord(
            k=arrival.k,
            phase=phase_of(arrival.intended_s, self._warm_up_s),
            method=arrival.method or "",
            member=self._member,
            intended_s=arrival.intended_s,
            sent_s=arrival.sent_s,
            received_s=outcome.received_s,
            status=outcome.status,
            code=outcome.code,
            failure_class=outcome.failure_class,
            detail=outcome.detail,
            http_status=outcome.http_status,
            instance_id=outcome.instance_id,
            instance_seq=outcome.instance_seq,
            pod=outcome.pod,
            spin_s=arrival.spin_s,
            worker_queue_s=outcome.worker_queue_s,
            worker_wall_s=outcome.worker_wall_s,
            worker_cpu_s=outcome.worker_cpu_s,
            throttled_s=outcome.throttled_s,
            channel=outcome.channel,
            request_bytes=outcome.request_bytes,
            reply_bytes=outcome.reply_bytes,
        )


def phase_of(intended_s: float, warm_up_s: float) -> str:
    """The phase an arrival belongs to, by its intended time."""
    return WARM_UP if intended_s < warm_up_s else MEASURED
