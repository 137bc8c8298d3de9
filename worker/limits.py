"""What a worker refuses, decided before any work is done."""

from dataclasses import dataclass
from enum import Enum

from proto.spin_pb2 import SpinRequest

MAX_REQUEST_ID_CHARACTERS = 256
MAX_REPLIES = 10_000


@dataclass(frozen=True)
class Limits:
    """The largest request that is served.

    Attributes:
        max_spin_us: CPU or wall time of one call, in microseconds.
        max_payload_bytes: A request's payload, and each reply's.
        max_concurrency: Calls under way at once.
    """

    max_spin_us: int = 10_000_000
    max_payload_bytes: int = 4 * 1024**2
    max_concurrency: int = 1000


class Kind(Enum):
    """Why a request is refused, by the name of its gRPC status."""

    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"


@dataclass(frozen=True)
class Refusal:
    """A request that is not served, and the limit it broke in words."""

    kind: Kind
    reason: str


def refusal(request: SpinRequest, running: int, limits: Limits, max_replies: int) -> Refusal | None:
    """Why this request is refused while `running` others are served; None when it is not.

    A wrong request is called wrong even when the worker is full.
    """
    wrong = _wrong_argument(request, limits, max_replies)
    if wrong is not None:
        return Refusal(Kind.INVALID_ARGUMENT, wrong)
    if running >= limits.max_concurrency:
        full = (
            f"{running} calls are under way; at most {limits.max_concurrency} (--max-concurrency)"
        )
        return Refusal(Kind.RESOURCE_EXHAUSTED, full)
    return None


def _wrong_argument(request: SpinRequest, limits: Limits, max_replies: int) -> str | None:
    spin, size = (limits.max_spin_us, "--max-spin"), (limits.max_payload_bytes, "--max-payload")
    ranges = (
        ("spin_us", request.spin_us, *spin),
        ("reply_bytes", request.reply_bytes, *size),
        ("payload's length", len(request.payload), *size),
        ("request_id's length", len(request.request_id), MAX_REQUEST_ID_CHARACTERS, "fixed"),
        ("replies", request.replies, max_replies, "1 for Spin, more for SpinStream"),
    )
    for name, given, most, limit in ranges:
        if not 0 <= given <= most:
            return f"{name} must be 0 to {most} ({limit}), got {given}"
    if request.mode not in SpinRequest.Mode.values():
        valid = ", ".join(f"{name} ({n})" for name, n in SpinRequest.Mode.items())
        return f"mode must be one of {valid}, got {request.mode}"
    return None
