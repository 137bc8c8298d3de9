"""Simulated calls as the rows that a real run records."""

from collections.abc import Iterator

import numpy as np

from records.schema import CallRecord
from simulator.asked import MEMBER, Asked
from simulator.system.simulate import Simulated
from simulator.system.world import ANSWERED, GIVEN_UP, REFUSED

METHOD = "/spin.v1.Spinner/Spin"
_HTTP_UNAVAILABLE = 503
_STATUS = {
    ANSWERED: ("ok", "OK", None, None),
    GIVEN_UP: ("failed", "DEADLINE_EXCEEDED", "deadline", None),
    REFUSED: ("failed", "UNAVAILABLE", "platform", _HTTP_UNAVAILABLE),
}
_UNFINISHED = ("unfinished", "CANCELLED", "cancelled", None)


def pod_name(number: int) -> str:
    """Name of a pod by its number."""
    return f"simulated-{number:05d}"


def call_rows(asked: Asked, simulated: Simulated) -> Iterator[CallRecord]:
    """One row for each call, in the order in which they were settled, as a run records them."""
    half_s = asked.network_s / 2
    order = np.argsort(simulated.end_s, kind="stable")
    columns = (
        order,
        simulated.due_s[order] - half_s,
        simulated.start_s[order],
        simulated.end_s[order],
        simulated.status[order],
        simulated.pod[order],
        simulated.seq[order],
        simulated.throttled_s[order] if len(simulated.throttled_s) else np.zeros(len(order)),
        asked.work_s(len(order))[order],
    )
    for row in zip(*(column.tolist() for column in columns), strict=True):
        yield _row(asked, row)


def _row(
    asked: Asked, row: tuple[int, float, float, float, int, int, int, float, float]
) -> CallRecord:
    k, intended_s, start_s, end_s, status, pod, seq, throttled_s, work_s = row
    said, code, failure_class, http_status = _STATUS.get(status, _UNFINISHED)
    answered = status == ANSWERED
    name = pod_name(pod) if answered else None
    # A client that gives up does so at its own end of the network.
    received_s = intended_s + asked.system.deadline_s if status == GIVEN_UP else end_s
    return CallRecord(
        k=k,
        phase="warm-up" if intended_s < asked.plan.warm_up_s else "measured",
        method=METHOD,
        member=MEMBER,
        intended_s=intended_s,
        sent_s=intended_s,
        received_s=received_s + (0.0 if status == GIVEN_UP else asked.network_s / 2),
        status=said,
        code=code,
        failure_class=failure_class,
        http_status=http_status,
        instance_id=name,
        instance_seq=seq if answered else None,
        pod=name,
        spin_s=work_s,
        worker_queue_s=0.0 if answered else None,
        worker_wall_s=end_s - start_s if answered else None,
        worker_cpu_s=work_s if answered and not asked.system.is_wall else None,
        throttled_s=throttled_s if answered else None,
    )
