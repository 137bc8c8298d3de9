"""What one row of the record says. Standard library only: the generator never loads pyarrow."""

from typing import NamedTuple

SCHEMA_VERSION = 1

PHASES = ("warm-up", "measured")
STATUSES = ("ok", "failed", "unfinished", "unsent")
FAILURE_CLASSES = (
    "deadline",
    "refused",
    "reset",
    "dns",
    "stream-limit",
    "platform",
    "app",
    "cancelled",
    "generator",
)
UNSENT_REASONS = (
    "max-in-flight",
    "member-lost",
    "lease",
    "no-master",
    "late-plan",
    "late",
    "stopped",
)
OPEN_REASONS = ("lease", "no-master", "member-lost", "late-plan")
"""Reasons after which another member may have sent the arrival (`records/superseded.py`)."""


class CallRecord(NamedTuple):
    """One planned arrival and what became of it. None where a value is unknown.

    Values are plain Python ones (int, float, str, None), never numpy scalars.
    Times named `_s` at an instant are seconds from the run's epoch; the others are lengths in
    seconds.

    Attributes:
        k: Number of the arrival in the plan, from 0; unique in a run.
        phase: One of PHASES, by the intended time.
        method: What was called, as "/spin.v1.Spinner/Spin".
        member: The generator process that owned the arrival.
        intended_s: When the plan wanted it sent.
        sent_s: When the call was handed to a connection below its stream limit.
        received_s: When its final status was known.
        status: One of STATUSES.
        code: gRPC code name ("OK", "UNAVAILABLE"), or an HTTP status text for other users.
        failure_class: One of FAILURE_CLASSES when failed or unfinished, one of UNSENT_REASONS when
            unsent.
        detail: The target's or the generator's own words, one line.
        http_status: HTTP status behind the code, where a proxy answered.
        instance_id: The worker process that served it.
        instance_seq: Number of the request on that process, from 1; 1 followed a cold start.
        pod: The worker's pod.
        spin_s: CPU or wall time that was asked for.
        worker_queue_s: From the request's receipt in the worker to its start.
        worker_wall_s: Time the worker was at it.
        worker_cpu_s: CPU time the worker burnt for it.
        throttled_s: Time the worker's control group was throttled meanwhile.
        channel: Number of the connection.
        request_bytes: Length of the request message.
        reply_bytes: Length of all reply messages.
    """

    k: int
    phase: str
    method: str
    member: str
    intended_s: float
    sent_s: float | None = None
    received_s: float | None = None
    status: str = "unsent"
    code: str | None = None
    failure_class: str | None = None
    detail: str | None = None
    http_status: int | None = None
    instance_id: str | None = None
    instance_seq: int | None = None
    pod: str | None = None
    spin_s: float | None = None
    worker_queue_s: float | None = None
    worker_wall_s: float | None = None
    worker_cpu_s: float | None = None
    throttled_s: float | None = None
    channel: int | None = None
    request_bytes: int | None = None
    reply_bytes: int | None = None


COLUMNS = CallRecord._fields
