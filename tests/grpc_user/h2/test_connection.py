"""A connection against a peer that says what a test writes down."""

import hpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.failures import classify
from grpc_user.h2 import frames
from grpc_user.h2.connection import CONNECTION_WINDOW, Connection
from grpc_user.h2.exchange import STREAM_WINDOW, Exchange
from grpc_user.h2.frame_reader import FrameReader
from grpc_user.h2.frames import frame
from grpc_user.h2.messages import prefixed

END = frames.END_STREAM
WHOLE = frames.END_HEADERS


def setting(identifier, value):
    return frames.settings([(identifier, value)])


def block(*pairs):
    encoder = hpack.Encoder()
    encoder.header_table_size = 0
    return encoder.encode(pairs)


def answer(stream, *, flags=0, status="200", content="application/grpc", **more):
    pairs = [(":status", status), ("content-type", content)]
    pairs += [(name.replace("_", "-"), value) for name, value in more.items()]
    return frame(frames.HEADERS, WHOLE | flags, stream, block(*pairs))


def trailers(stream, status="0", message=""):
    pairs = [("grpc-status", status), ("grpc-message", message)]
    return frame(frames.HEADERS, WHOLE | END, stream, block(*pairs))


def message(stream, body=b"reply", flags=0):
    return frame(frames.DATA, flags, stream, prefixed(body))


class Peer:
    """The other end of a connection, and what it was told."""

    def __init__(self, settings=b"", limit_changed=lambda _: None):
        self.connection = Connection(limit_changed)
        self._reader = FrameReader()
        self._preface = len(frames.PREFACE)
        self.says(settings or frames.settings(()))
        self.heard()

    def says(self, *made):
        for one in made:
            self.connection.receive(one)

    def heard(self):
        """What came since the last time: kind, flags, stream, payload."""
        data = b"".join(self.connection.out)
        self.connection.out = []
        made = data[self._preface :]
        self._preface = 0
        return [one[:4] for one in self._reader.frames(made)]

    def call(self, body=b"ask", *, tells_messages=False, block=b"headers"):
        self.changes = 0
        exchange = Exchange(self._changed, tells_messages=tells_messages)
        self.connection.begin(exchange, block, body)
        return exchange

    def _changed(self):
        self.changes += 1


def kinds(heard):
    return [kind for kind, *_ in heard]


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


def sent_bytes(heard):
    return sum(len(payload) for kind, _, _, payload in heard if kind == frames.DATA)


def test_nothing_is_sent_beyond_the_windows_of_connection_and_stream():
    peer = Peer(setting(4, 100_000))
    exchange = peer.call(bytes(200_000))
    assert sent_bytes(peer.heard()) == 65_535  # the connection's
    peer.says(frames.window_update(0, 100_000))
    assert sent_bytes(peer.heard()) == 100_000 - 65_535  # the stream's
    peer.says(frames.window_update(1, 1_000_000))
    assert sent_bytes(peer.heard()) == 65_535
    assert exchange.outgoing.waiting
    peer.says(frames.window_update(0, 1_000_000))
    heard = peer.heard()
    assert sent_bytes(heard) == 200_005 - 165_535
    assert heard[-1][1] == END
    assert not exchange.outgoing.waiting
    assert peer.changes == 1


def test_no_frame_is_larger_than_the_peer_takes():
    peer = Peer(setting(5, 20_000))
    peer.call(bytes(50_000), block=bytes(30_000))
    connection_out = b"".join(peer.connection.out)
    sizes = []
    while connection_out:
        size = int.from_bytes(connection_out[:3], "big")
        sizes.append(size)
        connection_out = connection_out[9 + size :]
    assert sizes == [20_000, 10_000, 20_000, 20_000, 10_005]


def test_a_window_made_smaller_under_way_may_be_below_zero():
    peer = Peer()
    exchange = peer.call(bytes(70_000))
    peer.says(setting(4, 0))
    assert exchange.outgoing.window == -65_535
    peer.heard()
    peer.says(frames.window_update(0, 100_000), frames.window_update(1, 65_535))
    assert sent_bytes(peer.heard()) == 0
    peer.says(setting(4, 65_535))
    assert sent_bytes(peer.heard()) == 70_005 - 65_535


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=6),
    st.lists(st.tuples(st.booleans(), st.integers(1, 4000)), max_size=40),
    st.integers(0, 2000),
)
def test_whatever_the_windows_do_all_bytes_leave_once_and_in_order(sizes, grants, initial):
    peer = Peer(setting(4, initial))
    bodies = [bytes([k]) * size for k, size in enumerate(sizes)]
    exchanges = [peer.call(body) for body in bodies]
    told = peer.heard()
    allowed = {one.stream_id: initial for one in exchanges}
    for k, (of_stream, increment) in enumerate(grants):
        stream = exchanges[k % len(exchanges)].stream_id if of_stream else 0
        if stream:
            allowed[stream] += increment
        peer.says(frames.window_update(stream, increment))
        told += peer.heard()
    for one, body in zip(exchanges, bodies, strict=True):
        data = b"".join(d for kind, _, stream, d in told if kind == 0 and stream == one.stream_id)
        assert len(data) <= allowed[one.stream_id]
        assert prefixed(body).startswith(data)
    for one in exchanges:
        peer.says(frames.window_update(one.stream_id, 10_000), frames.window_update(0, 10_000))
    told += peer.heard()
    for one, body in zip(exchanges, bodies, strict=True):
        mine = [
            (flags, d) for kind, flags, stream, d in told if kind == 0 and stream == one.stream_id
        ]
        assert b"".join(d for _, d in mine) == prefixed(body)
        assert [flags for flags, _ in mine if flags] == [END]


def grants_to(heard, stream):
    return sum(
        int.from_bytes(payload, "big")
        for kind, _, of, payload in heard
        if kind == frames.WINDOW_UPDATE and of == stream
    )


def flood(peer, total):
    """Send as much of one message as the windows allow; how much that was."""
    peer.says(answer(1))
    start = b"\x00" + total.to_bytes(4, "big")
    rest, room, sent = 5 + total, STREAM_WINDOW, 0
    while rest and room:
        size = min(rest, room, 16_000)
        peer.says(frame(frames.DATA, 0, 1, (start + bytes(size))[:size]))
        start = b""
        rest, room, sent = rest - size, room - size, sent + size
        room += grants_to(peer.heard(), 1)
    return sent


def test_a_huge_message_gets_all_the_room_it_needs():
    peer = Peer()
    peer.call()
    assert flood(peer, 5 * STREAM_WINDOW) == 5 * STREAM_WINDOW + 5


def test_a_peer_is_held_back_by_a_reader_that_is_slow_and_let_go_by_reading():
    peer = Peer()
    exchange = peer.call(tells_messages=True)
    peer.says(answer(1))
    sent = 0
    room = STREAM_WINDOW
    while room >= 10_005 and sent < 10 * STREAM_WINDOW:
        peer.says(message(1, bytes(10_000)))
        sent += 10_005
        room += grants_to(peer.heard(), 1) - 10_005
    assert sent < 2 * STREAM_WINDOW
    while exchange.messages:
        peer.connection.take_message(exchange)
    assert room + grants_to(peer.heard(), 1) > STREAM_WINDOW / 2


def test_a_peer_that_sends_more_than_allowed_has_broken_the_protocol():
    peer = Peer()
    peer.call(tells_messages=True)
    peer.says(answer(1))
    for _ in range(2 * STREAM_WINDOW // 16_000):
        peer.says(message(1, bytes(15_995)))
    assert "more data than its window allows" in peer.connection.broken


def test_data_of_calls_that_are_over_still_counts_for_the_connection():
    peer = Peer()
    peer.connection.cancel(peer.call(), "CANCELLED", "")
    peer.heard()
    for _ in range(CONNECTION_WINDOW // 16_000 // 2 + 1):
        peer.says(frame(frames.DATA, 0, 1, bytes(16_000)))
    assert grants_to(peer.heard(), 0) >= CONNECTION_WINDOW / 2


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
