import pytest

from grpc_user.failures import FAILURE_CLASSES, Failure, classify, one_line
from records.schema import FAILURE_CLASSES as RECORDED_CLASSES

# Texts as grpc-core 1.85 gave them for these faults.
CORE_TEXTS = [
    pytest.param(
        "UNAVAILABLE",
        "failed to connect to all addresses; last error: UNKNOWN: "
        "ipv4:127.0.0.1:1: Failed to connect to remote host: Connection refused",
        "refused",
        id="closed-port",
    ),
    pytest.param(
        "UNAVAILABLE",
        "failed to connect to all addresses; last error: UNKNOWN: "
        "ipv4:127.0.0.1:1: Tls handshake failed (TSI_PROTOCOL_FAILURE)",
        "refused",
        id="tls-handshake",
    ),
    pytest.param(
        "UNAVAILABLE",
        "failed to connect to all addresses; last error: INTERNAL: "
        "ipv4:127.0.0.1:1: socket: Too many open files",
        "generator",
        id="no-descriptors",
    ),
    pytest.param(
        "UNAVAILABLE",
        "failed to connect to all addresses; last error: INTERNAL: "
        "ipv4:127.0.0.1:1: connect: Cannot assign requested address (99)",
        "generator",
        id="no-ports",
    ),
    pytest.param(
        "UNKNOWN",
        "Exception iterating requests!",
        "generator",
        id="our-iterator",
    ),
    pytest.param(
        "UNIMPLEMENTED",
        "the h2 transport does not compress; valid: --transport grpcio",
        "generator",
        id="not-offered",
    ),
    pytest.param(
        "UNAVAILABLE",
        "errors resolving no.invalid:50: [field:hostname lookup "
        "error:address lookup failed for no.invalid:50: Domain name not found]",
        "dns",
        id="no-such-name",
    ),
    pytest.param(
        "UNAVAILABLE",
        "Stream removed (Socket closed)",
        "reset",
        id="server-died",
    ),
    pytest.param(
        "UNAVAILABLE",
        "Stream removed (recvmsg:Connection reset by peer (104))",
        "reset",
        id="tcp-reset",
    ),
    pytest.param(
        "UNAVAILABLE",
        "Stream removed (GOAWAY received; Error code: 0; Debug Text: bye)",
        "reset",
        id="goaway",
    ),
    pytest.param(
        "INTERNAL",
        "Stream removed (RST_STREAM (Received RST_STREAM with error code 2))",
        "reset",
        id="stream-reset",
    ),
    pytest.param(
        "CANCELLED",
        "Stream removed (RST_STREAM (Received RST_STREAM with error code 8))",
        "reset",
        id="stream-cancelled-by-proxy",
    ),
    pytest.param(
        "UNAVAILABLE",
        "Stream removed (RST_STREAM (Received RST_STREAM with error code 7))",
        "stream-limit",
        id="refused-stream",
    ),
    pytest.param(
        "UNKNOWN",
        "Stream removed (Data frame with END_STREAM flag received)",
        "platform",
        id="plain-http",
    ),
    pytest.param(
        "UNAVAILABLE",
        "upstream connect error or disconnect/reset before headers. reset "
        "reason: connection failure",
        "platform",
        id="envoy-no-backend",
    ),
    pytest.param(
        "UNAVAILABLE",
        "no healthy upstream",
        "platform",
        id="envoy-no-endpoint",
    ),
    pytest.param(
        "DEADLINE_EXCEEDED",
        "Stream removed (Deadline Exceeded)",
        "deadline",
        id="deadline",
    ),
    pytest.param(
        "DEADLINE_EXCEEDED",
        "the server gave up",
        "deadline",
        id="servers-deadline",
    ),
    pytest.param(
        "CANCELLED",
        "Locally cancelled by application!",
        "cancelled",
        id="by-us",
    ),
    pytest.param(
        "CANCELLED",
        "Channel closed!",
        "cancelled",
        id="closed-by-us",
    ),
    pytest.param(
        "CANCELLED",
        "CANCELLED",
        "app",
        id="cancelled-by-server",
    ),
    pytest.param(
        "RESOURCE_EXHAUSTED",
        "concurrency cap 10 reached",
        "app",
        id="servers-cap",
    ),
    pytest.param(
        "UNIMPLEMENTED",
        "Method not found!",
        "app",
        id="unknown-method",
    ),
    pytest.param(
        "UNAVAILABLE",
        "",
        "app",
        id="no-details",
    ),
]


@pytest.mark.parametrize(("code", "details", "failure_class"), CORE_TEXTS)
def test_a_text_of_grpc_core_has_its_class(code, details, failure_class):
    assert classify(code, details) == Failure(failure_class)


@pytest.mark.parametrize("status", [404, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("form", ["{}", "Stream removed ({})"])
def test_an_http_status_is_the_platforms_whatever_the_code(status, form):
    details = form.format(f"Received http2 header with status: {status}")
    assert classify("UNAVAILABLE", details) == Failure("platform", status)


@pytest.mark.parametrize(
    "details",
    [
        "backend said: Connection refused",
        "my database: Too many open files",
        "order 7: RST_STREAM with error code 7",
        "proxy Received http2 header with status: 503",
    ],
)
def test_a_server_that_quotes_such_words_is_still_the_application(details):
    assert classify("UNAVAILABLE", details) == Failure("app")


def test_classes_are_those_of_the_record():
    assert FAILURE_CLASSES == RECORDED_CLASSES


def test_details_become_one_line_of_bounded_length():
    assert one_line("a\n  b\tc " + "x" * 1000) == ("a b c " + "x" * 1000)[:300]
