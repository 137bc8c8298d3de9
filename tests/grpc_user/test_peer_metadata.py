"""What a server says of a call beside its messages reads the same over both transports."""

import itertools

import gevent
import pytest

from grpc_user.transport import TRANSPORTS, CallSpec
from tests.grpc_user.answers import ANSWER, BEGIN, FINE, data, headers, of, sends, trailers
from tests.grpc_user.raw_server import RST_STREAM, field

ONE = CallSpec("/probe.v1.Probe/One", False, False, timeout_s=5)
GATHER = CallSpec("/probe.v1.Probe/Gather", True, False, timeout_s=5)


@pytest.fixture
def endings(raw_server, new_transport):
    """How the same call to the same server ends over each transport."""

    def call(respond, spec=ONE, request=lambda: b""):
        server = raw_server(respond)
        host = f"127.0.0.1:{server.port}"
        return [
            new_transport(host, transport=name).call(spec, request(), lambda *_: None)
            for name in TRANSPORTS
        ]

    return call


@pytest.mark.parametrize(
    ("said", "read"),
    [
        pytest.param([("mine", "x y")], [("mine", "x y")], id="text"),
        pytest.param([("a", "1"), ("a", "2")], [("a", "1"), ("a", "2")], id="twice"),
        pytest.param([("raw-bin", "AP8=")], [("raw-bin", b"\x00\xff")], id="padded-base64"),
        pytest.param([("raw-bin", "AP8")], [("raw-bin", b"\x00\xff")], id="bare-base64"),
        pytest.param([("raw-bin", "")], [("raw-bin", b"")], id="empty"),
    ],
)
def test_metadata_before_and_after_the_reply_is_the_same(endings, said, read):
    more = b"".join(field(*pair) for pair in said)
    first, second = endings(sends(headers(BEGIN + more), data(), trailers(FINE + more)))
    assert (first.code, second.code) == ("OK", "OK")
    assert list(first.metadata) == list(second.metadata) == read
    assert list(first.initial_metadata) == list(second.initial_metadata) == read


@pytest.mark.parametrize(
    ("message", "details"),
    [
        ("no%20such%20%C3%B6", "no such ö"),
        ("50%", "50%"),
        ("%zz %C3%B6", "%zz ö"),
        ("%", "%"),
        ("", ""),
        ("plus+stays", "plus+stays"),
    ],
)
def test_a_status_message_is_decoded_the_same(endings, message, details):
    said = field("grpc-status", "5") + field("grpc-message", message)
    first, second = endings(sends(trailers(BEGIN + said)))
    assert (first.code, first.details) == (second.code, second.details) == ("NOT_FOUND", details)


def endless_requests():
    for _ in itertools.count():
        gevent.sleep(0.02)
        yield bytes(10)


NO_ERROR = of(RST_STREAM, bytes(4))
DENIED = trailers(BEGIN + field("grpc-status", "7") + field("grpc-message", "enough"))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param([DENIED], "PERMISSION_DENIED", id="status"),
        pytest.param([DENIED, NO_ERROR], "PERMISSION_DENIED", id="status-and-reset"),
        pytest.param([*ANSWER], "OK", id="answer"),
        pytest.param([*ANSWER, NO_ERROR], "OK", id="answer-and-reset"),
    ],
)
def test_an_answer_before_the_last_request_ends_the_call(endings, said, code):
    first, second = endings(sends(*said), GATHER, endless_requests)
    assert (first.code, second.code) == (code, code)
    assert first.details == second.details


def test_answers_to_several_calls_in_one_piece_reach_each_of_them(raw_server, new_transport):
    waiting = []

    def answers_all_at_the_third(connection, stream):
        waiting.append(stream)
        if len(waiting) == 3:
            interleaved = [part(one) for part in ANSWER for one in reversed(waiting)]
            connection.sendall(b"".join(interleaved))

    for name in TRANSPORTS:
        waiting.clear()
        server = raw_server(answers_all_at_the_third)
        transport = new_transport(f"127.0.0.1:{server.port}", transport=name, connections="1")
        calls = [gevent.spawn(transport.call, ONE, b"", lambda *_: None) for _ in range(3)]
        assert {one.get().code for one in calls} == {"OK"}
