"""Why a call failed: a gRPC code and its details sorted into few classes.

The code alone misleads: UNAVAILABLE is a closed port, a cut connection, a wrong name, an ingress's
503, our own lack of descriptors, or the server's own word. Only the details tell them apart.
The texts are grpc-core's (1.85, with those of earlier releases beside them); what core makes up
itself is matched from the start of the text, so that a server quoting such words is still "app".
"""

import re
from dataclasses import dataclass

DEADLINE = "deadline"
REFUSED = "refused"
RESET = "reset"
DNS = "dns"
STREAM_LIMIT = "stream-limit"
PLATFORM = "platform"
APP = "app"
CANCELLED = "cancelled"
GENERATOR = "generator"

FAILURE_CLASSES = (
    DEADLINE,
    REFUSED,
    RESET,
    DNS,
    STREAM_LIMIT,
    PLATFORM,
    APP,
    CANCELLED,
    GENERATOR,
)

LOCALLY_CANCELLED = "Locally cancelled"
HTTP_STATUS = re.compile(r"^(?:Stream removed \()?Received http2 header with status: (\d{3})")

# Words of the operating system that say it is our end which lacks something.
_OUR_LACK = (
    r"(too many open files|cannot assign requested address|no buffer space|cannot allocate memory)"
)

# In order: the first that matches decides.
_TEXTS = (
    # Before "refused" and "reset": grpc-core opens those texts with the same words.
    (
        GENERATOR,
        rf"(failed to connect|errors resolving|dns resolution|stream removed).*{_OUR_LACK}",
    ),
    (GENERATOR, r"(stream removed \()?client: (received|sent) message larger than max"),
    (GENERATOR, r"exception iterating requests"),
    (GENERATOR, r"the h2 transport "),
    (DNS, r"errors resolving|dns resolution failed|name resolution failure"),
    (DNS, r"failed to connect.*(domain name not found|name or service not known)"),
    (REFUSED, r"failed to connect|connections to all backends failing|empty address list"),
    # Something on the way answered in plain HTTP, with a body and status 200.
    (PLATFORM, r"(stream removed \()?data frame with end_stream flag received"),
    (STREAM_LIMIT, r"(stream removed \()?(received )?rst_stream.*error code 7\b"),
    (RESET, r"stream removed|(received )?rst_stream|goaway received|socket closed"),
    (RESET, r"(recvmsg|sendmsg)?:?\s*(connection reset|broken pipe|transport closed)"),
    # The ingress's own words (Envoy, as in Kourier and Istio) and the activator's.
    (PLATFORM, r"upstream (connect error|request timeout|retry limit exceeded)"),
    (PLATFORM, r"no healthy upstream|cluster not found|activator request timeout"),
)
_PATTERNS = tuple((name, re.compile(text, re.IGNORECASE | re.DOTALL)) for name, text in _TEXTS)


@dataclass(frozen=True, slots=True)
class Failure:
    """The class of a failure and the HTTP status behind it, where there is one."""

    failure_class: str
    http_status: int | None = None


def classify(code: str, details: str) -> Failure:
    """Sort a status that is not OK.

    Args:
        code: gRPC code name, as "UNAVAILABLE".
        details: The status's message, from grpc-core or from the server.
    """
    http = HTTP_STATUS.match(details)
    if http:
        return Failure(PLATFORM, int(http.group(1)))
    if code == "DEADLINE_EXCEEDED":
        return Failure(DEADLINE)
    if details.startswith((LOCALLY_CANCELLED, "Channel closed")):
        return Failure(CANCELLED)
    return Failure(_class_of_text(details))


def _class_of_text(details: str) -> str:
    return next((name for name, pattern in _PATTERNS if pattern.match(details)), APP)


def one_line(details: str, limit: int = 300) -> str:
    """The details fit for a table cell: one line, not endless."""
    return " ".join(details.split())[:limit]
