"""A connection against a peer that says what a test writes down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.failures import classify
from grpc_user.h2 import frames
from grpc_user.h2.connection import CONNECTION_WINDOW, Connection
from grpc_user.h2.frame_reader import FrameReader
from grpc_user.h2.frames import frame
from grpc_user.h2.messages import prefixed
from tests.grpc_user.h2.peer import (
    END,
    WHOLE,
    Peer,
    answer,
    block,
    kinds,
    message,
    setting,
    trailers,
)


def test_the_first_words_allow_no_table_no_push_and_large_windows():
    connection = Connection()
    assert connection.out[0] == frames.PREFACE
    made = [one[:4] for one in FrameReader().frames(b"".join(connection.out[1:]))]
    assert made == [
        (frames.SETTINGS, 0, 0, bytes.fromhex("000100000000000200000000000400100000")),
        (frames.WINDOW_UPDATE, 0, 0, (CONNECTION_WINDOW - 65_535).to_bytes(4, "big")),
    ]


def test_a_call_is_headers_and_one_message():
    peer = Peer()
    peer.call(b"ask")
    assert peer.heard() == [
        (frames.HEADERS, WHOLE, 1, b"headers"),
        (frames.DATA, END, 1, prefixed(b"ask")),
    ]


def test_calls_take_odd_streams_in_turn():
    peer = Peer()
    assert [peer.call().stream_id for _ in range(3)] == [1, 3, 5]


def test_a_reply_ends_with_its_trailers():
    peer = Peer()
    exchange = peer.call()
    peer.says(answer(1, before="1"), message(1), trailers(1, "0"))
    assert exchange.status == ("OK", "")
    assert list(exchange.messages) == [b"reply"]
    assert exchange.initial_metadata() == (("before", "1"),)
    assert peer.connection.exchanges == {}
    assert peer.changes == 1


def test_trailers_alone_are_an_answer():
    peer = Peer()
    exchange = peer.call()
    peer.says(answer(1, flags=END, grpc_status="5", grpc_message="no%20such%20%C3%B6", more="m"))
    assert exchange.status == ("NOT_FOUND", "no such ö")
    assert exchange.trailing_metadata() == (("more", "m"),)
    assert exchange.initial_metadata() == ()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (trailers(1, "17"), ("UNKNOWN", "grpc-status is '17'")),
        (trailers(1, "x", "why"), ("UNKNOWN", "why")),
        (
            frame(frames.HEADERS, WHOLE | END, 1, block(("a", "b"))),
            ("UNKNOWN", "trailers without grpc-status"),
        ),
        (message(1, flags=END), ("UNKNOWN", "Data frame with END_STREAM flag received")),
        (answer(1), ("INTERNAL", "headers in the middle of a call")),
        (
            frame(frames.DATA, 0, 1, b"\x01\x00\x00\x00\x00"),
            ("INTERNAL", "the reply is compressed (gzip), which the h2 transport did not ask for"),
        ),
        (
            frame(frames.DATA, 0, 1, b"\x07\x00\x00\x00\x00"),
            ("INTERNAL", "the reply is no gRPC message: a message with the flag 7"),
        ),
        (
            message(1)[:-1].replace(b"\x00\x00\x0a", b"\x00\x00\x09", 1) + trailers(1),
            ("INTERNAL", "the reply ends within a message"),
        ),
    ],
)  # fmt: skip
def test_a_bad_end_is_named(said, status):
    peer = Peer()
    exchange = peer.call()
    peer.says(answer(1, grpc_encoding="gzip"), said)
    assert exchange.status == status
    assert peer.connection.exchanges == {}
    assert peer.connection.broken == ""


def test_data_before_headers_ends_the_call():
    peer = Peer()
    exchange = peer.call()
    peer.says(message(1))
    assert exchange.status == ("INTERNAL", "data before headers")


@pytest.mark.parametrize(
    ("http", "code"),
    [
        ("400", "INTERNAL"), ("401", "UNAUTHENTICATED"), ("403", "PERMISSION_DENIED"),
        ("404", "UNIMPLEMENTED"), ("429", "UNAVAILABLE"), ("502", "UNAVAILABLE"),
        ("503", "UNAVAILABLE"), ("504", "UNAVAILABLE"), ("418", "UNKNOWN"), ("500", "UNKNOWN"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("flags", [0, END], ids=["with-a-body", "bare"])
def test_an_http_status_is_mapped_as_grpc_says(http, code, flags):
    peer = Peer()
    exchange = peer.call()
    peer.says(answer(1, status=http, content="text/html", flags=flags))
    assert exchange.status == (code, f"Received http2 header with status: {http}")
    assert classify(*exchange.status).http_status == int(http)


def test_an_informational_answer_is_passed_over():
    peer = Peer()
    exchange = peer.call()
    peer.says(answer(1, status="103"), answer(1), message(1), trailers(1))
    assert exchange.status == ("OK", "")


@pytest.mark.parametrize(
    ("error", "code", "failure_class"),
    [
        (frames.REFUSED_STREAM, "UNAVAILABLE", "stream-limit"),
        (frames.CANCEL, "CANCELLED", "reset"),
        (frames.INTERNAL_ERROR, "INTERNAL", "reset"),
        (frames.ENHANCE_YOUR_CALM, "RESOURCE_EXHAUSTED", "reset"),
        (frames.INADEQUATE_SECURITY, "PERMISSION_DENIED", "reset"),
        (99, "INTERNAL", "reset"),
    ],
)
def test_a_reset_stream_is_mapped_as_grpc_says(error, code, failure_class):
    peer = Peer()
    exchange = peer.call()
    peer.says(frames.rst_stream(1, error))
    assert exchange.status[0] == code
    assert classify(*exchange.status).failure_class == failure_class


def test_frames_for_calls_that_are_over_are_passed_over():
    peer = Peer()
    exchange = peer.call()
    peer.connection.cancel(exchange, "CANCELLED", "mine")
    assert peer.heard()[-1] == (frames.RST_STREAM, 0, 1, b"\x00\x00\x00\x08")
    peer.says(answer(1), message(1), frames.window_update(1, 5), frames.rst_stream(1, 0))
    assert exchange.status == ("CANCELLED", "mine")
    assert peer.connection.broken == ""


def test_a_ping_is_answered_and_settings_are_acknowledged():
    peer = Peer()
    peer.says(frame(frames.PING, 0, 0, b"12345678"), setting(3, 7))
    peer.says(frame(frames.PING, 1, 0, b"12345678"), frame(frames.SETTINGS, 1, 0))
    assert peer.heard() == [(frames.PING, 1, 0, b"12345678"), (frames.SETTINGS, 1, 0, b"")]


def test_the_limit_of_streams_is_told_with_each_settings():
    told = []
    peer = Peer(setting(3, 7), told.append)
    peer.says(setting(3, 0), setting(4, 100))
    assert told == [7, 1, 1]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(setting(4, 2**31), id="window-too-large"),
        pytest.param(setting(5, 16_383), id="frames-too-small"),
        pytest.param(setting(2, 1), id="push"),
        pytest.param(frame(frames.PUSH_PROMISE, 4, 1, bytes(4)), id="pushed"),
        pytest.param(frames.window_update(0, 0), id="grown-by-nothing"),
        pytest.param(frames.window_update(0, 2**31 - 1), id="grown-too-far"),
        pytest.param(frames.window_update(1, 2**31 - 1), id="stream-grown-too-far"),
        pytest.param(answer(9), id="headers-on-an-idle-stream"),
        pytest.param(message(2), id="data-on-a-stream-of-its-own"),
        pytest.param(frames.rst_stream(9, 0), id="reset-of-an-idle-stream"),
        pytest.param(frame(frames.HEADERS, WHOLE, 1, b"\xbe"), id="bad-headers"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n\r\n", id="http-1"),
    ],
)
def test_a_breach_of_the_protocol_ends_all_calls_with_its_reason(said):
    peer = Peer()
    exchanges = [peer.call(), peer.call()]
    peer.heard()
    peer.says(said)
    assert {one.status[0] for one in exchanges} == {"UNAVAILABLE"}
    assert {classify(*one.status).failure_class for one in exchanges} == {"reset"}
    assert "the peer broke HTTP/2: " in peer.connection.broken
    assert not peer.connection.takes_calls
    assert kinds(peer.heard())[-1] == frames.GOAWAY


def test_nothing_that_comes_after_a_breach_counts_or_is_answered():
    peer = Peer()
    peer.call()
    peer.says(frame(frames.PUSH_PROMISE, frames.END_HEADERS, 1, bytes(4)))
    peer.heard()
    why = peer.connection.broken
    peer.says(frame(frames.PING, 0, 0, bytes(8)), frame(frames.PUSH_PROMISE, 0, 0))
    assert not peer.heard()
    assert peer.connection.broken == why


def test_a_server_begins_with_settings():
    connection = Connection()
    connection.receive(frame(frames.PING, 0, 0, bytes(8)))
    assert "the first frame is not SETTINGS" in connection.broken


def test_going_away_fails_what_was_not_processed_and_lets_the_rest_end():
    peer = Peer()
    first, second = peer.call(), peer.call()
    peer.says(frame(frames.GOAWAY, 0, 0, b"\x00\x00\x00\x01\x00\x00\x00\x00bye"))
    assert first.status is None
    assert second.status[0] == "UNAVAILABLE"
    assert classify(*second.status).failure_class == "reset"
    assert "not processed" in second.status[1]
    assert not peer.connection.takes_calls
    peer.says(answer(1), message(1), trailers(1))
    assert first.status == ("OK", "")


def test_a_connection_out_of_stream_numbers_takes_no_more_calls():
    peer = Peer()
    peer.connection._next_id = 2**31 - 1
    peer.call()
    assert not peer.connection.takes_calls


def test_a_reader_is_told_of_each_reply():
    peer = Peer()
    exchange = peer.call(tells_messages=True)
    peer.says(answer(1), message(1, b"a") + message(1, b"b"))
    assert [peer.connection.take_message(exchange) for _ in range(2)] == [b"a", b"b"]
    assert peer.changes == 2


def test_messages_of_a_stream_follow_its_headers():
    peer = Peer()
    exchange = peer.call(None)
    peer.connection.send_message(exchange, b"a")
    peer.connection.end_messages(exchange)
    assert peer.heard() == [
        (frames.HEADERS, WHOLE, 1, b"headers"),
        (frames.DATA, 0, 1, prefixed(b"a")),
        (frames.DATA, END, 1, b""),
    ]


def test_a_server_that_answers_early_is_told_that_nothing_more_comes():
    peer = Peer()
    peer.call(None)
    peer.heard()
    peer.says(answer(1, flags=END, grpc_status="7"))
    assert peer.heard() == [(frames.RST_STREAM, 0, 1, b"\x00\x00\x00\x08")]


@given(st.lists(st.binary(max_size=50), max_size=6))
def test_garbage_never_crashes_and_never_leaves_a_call_hanging_on_a_broken_connection(parts):
    peer = Peer()
    exchange = peer.call()
    peer.says(*parts)
    assert (exchange.status is None) <= (peer.connection.broken == "")


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10), st.integers(0, 255), st.integers(0, 4), st.binary(max_size=40)
        ),
        max_size=8,
    )
)
def test_well_framed_garbage_does_neither(made):
    peer = Peer()
    exchange = peer.call()
    peer.says(*(frame(kind, flags, stream, payload) for kind, flags, stream, payload in made))
    assert (exchange.status is None) <= (peer.connection.broken == "")
