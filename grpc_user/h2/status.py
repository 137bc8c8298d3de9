"""How a call ended, from trailers, HTTP statuses and reset streams.

The texts of failures are those of grpc-core where it has one, so that `failures.classify` sorts
them the same way. Mappings: gRPC over HTTP/2 (grpc/doc/PROTOCOL-HTTP2.md) and
grpc/doc/http-grpc-status-mapping.md.
"""

from urllib.parse import unquote

from grpc_user.h2 import frames
from grpc_user.h2.headers import Headers

Status = tuple[str, str]
"""gRPC code name and details."""

CANCELLED: Status = ("CANCELLED", "Locally cancelled by application!")
DEADLINE: Status = ("DEADLINE_EXCEEDED", "Deadline Exceeded")

CODES = (
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
)

_OF_HTTP = {
    "400": "INTERNAL",
    "401": "UNAUTHENTICATED",
    "403": "PERMISSION_DENIED",
    "404": "UNIMPLEMENTED",
    "429": "UNAVAILABLE",
    "502": "UNAVAILABLE",
    "503": "UNAVAILABLE",
    "504": "UNAVAILABLE",
}

_OF_RESET = {
    frames.REFUSED_STREAM: "UNAVAILABLE",
    frames.CANCEL: "CANCELLED",
    frames.ENHANCE_YOUR_CALM: "RESOURCE_EXHAUSTED",
    frames.INADEQUATE_SECURITY: "PERMISSION_DENIED",
}


def status_of_trailers(trailers: Headers) -> Status:
    """The status in trailers; without one, what their HTTP status means."""
    if trailers.grpc_status is None:
        if trailers.http_status not in (None, "200"):
            return status_of_http(trailers.http_status or "")
        return "UNKNOWN", "trailers without grpc-status"
    details = unquote(trailers.grpc_message, errors="replace")
    text = trailers.grpc_status
    if not text.isdecimal() or int(text) >= len(CODES):
        return "UNKNOWN", details or f"grpc-status is {text!r}"
    return CODES[int(text)], details


def status_of_http(http_status: str) -> Status:
    """What a status means that is not gRPC's."""
    code = _OF_HTTP.get(http_status, "UNKNOWN")
    return code, f"Received http2 header with status: {http_status}"


def status_of_reset(error: int) -> Status:
    """What the reset of a stream means."""
    return _OF_RESET.get(error, "INTERNAL"), f"Received RST_STREAM with error code {error}"
