"""Flow control of a connection, both ways."""

from hypothesis import given
from hypothesis import strategies as st

from grpc_user.h2 import frames
from grpc_user.h2.connection import CONNECTION_WINDOW
from grpc_user.h2.frames import frame
from grpc_user.h2.incoming import STREAM_WINDOW
from grpc_user.h2.messages import prefixed
from tests.grpc_user.h2.peer import END, Peer, answer, message, setting


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
