"""What a task's client tells Locust of its requests, read for the arrival that it serves.

For clients that know nothing of arrivals, as Locust's HTTP clients: a failed request fails its
arrival, and the arrival has one event of its own, from its intended time to the end of its task.
"""

from __future__ import annotations

import socket
from typing import Any

from openloop.arrival import Arrival, Outcome, current_arrival

ARRIVAL_TYPE = "arrival"
SUCCESS_BELOW = 400
FROM_THE_PLATFORM = frozenset({502, 503, 504})
DETAIL_LENGTH = 300


class ArrivalFailed(Exception):
    """An arrival did not end well; its text is the key of Locust's failures table."""


def note_client_event(exception: Exception | None = None, response: Any = None, **_: Any) -> None:
    """Locust's request event: keep for the arrival what its client says of this request."""
    arrival = current_arrival()
    if arrival is not None and not arrival.client_marks:
        arrival.note(client_outcome(exception, getattr(response, "status_code", None)))


def client_outcome(exception: Exception | None, http_status: int | None) -> Outcome:
    """The end of one request, in the words of the records.

    Args:
        exception: What Locust's request event carries; None for a success.
        http_status: The answer's status, if there was one.
    """
    http_status = http_status or None
    code = str(http_status) if http_status else None
    if exception is None:
        return Outcome(status="ok", code=code, http_status=http_status)
    return Outcome(
        status="failed",
        code=code or type(exception).__name__,
        failure_class=failure_class(exception, http_status),
        detail=" ".join(str(exception).split())[:DETAIL_LENGTH],
        http_status=http_status,
    )


def failure_class(exception: BaseException, http_status: int | None) -> str:
    """Why a request failed, from the record schema's list."""
    if http_status in FROM_THE_PLATFORM:
        return "platform"
    if http_status and http_status >= SUCCESS_BELOW:
        return "app"
    found = (_class_of(error) for error in chain_of(exception))
    return next((name for name in found if name), "app")


def chain_of(exception: BaseException) -> list[BaseException]:
    """The exception and what it was raised from or wraps, outermost first."""
    seen: list[BaseException] = []
    waiting: list[Any] = [exception]
    while waiting:
        error = waiting.pop(0)
        if isinstance(error, BaseException) and error not in seen:
            seen.append(error)
            reason = getattr(error, "reason", None)
            waiting += [error.__cause__, error.__context__, reason, *error.args]
    return seen


def _class_of(error: BaseException) -> str | None:
    """By Python's own exceptions; the HTTP libraries' names tell the rest."""
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return "deadline"
    if isinstance(error, socket.gaierror) or "NameResolution" in type(error).__name__:
        return "dns"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "reset"
    return None


def fire_arrival_event(environment: Any, arrival: Arrival) -> None:
    """One event for the arrival as a whole: its latency counts from the intended time."""
    outcome = arrival.outcome
    if outcome is None or outcome.received_s is None:
        return
    failed = outcome.status != "ok"
    environment.events.request.fire(
        request_type=ARRIVAL_TYPE,
        name=arrival.method,
        response_time=(outcome.received_s - arrival.intended_s) * 1000,
        response_length=0,
        response=None,
        context={"k": arrival.k, "intended": arrival.intended_s, "sent": arrival.sent_s},
        exception=ArrivalFailed(f"{outcome.code}: {outcome.failure_class}") if failed else None,
    )
