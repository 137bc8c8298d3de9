"""The short way of plain calls: taken by them alone, and to the same end as the long one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.h2 import frames
from grpc_user.h2.connection import Connection
from grpc_user.h2.frames import frame
from grpc_user.h2.messages import prefixed
from grpc_user.h2.plain_calls import PlainReplies, call_bytes
from tests.grpc_user.h2.peer import END, WHOLE, Peer, answer, block, message, setting, trailers

STREAMS = (3, 5, 7)


def reply(stream, body=b"reply"):
    return answer(stream) + message(stream, body) + trailers(stream)


GOOD = block((":status", "200"), ("content-type", "application/grpc"))
END_OK = block(("grpc-status", "0"), ("grpc-message", ""))
HALF_BLOCK = frame(frames.HEADERS, 0, 3, b"")

ODD_BEGINNINGS = {
    "metadata": answer(3, mine="1"),
    "informational": answer(3, status="103"),
    "a-page-of-a-proxy": answer(3, status="503", content="text/html"),
    "no-grpc": answer(3, content="text/html"),
    "no-status": frame(frames.HEADERS, WHOLE, 3, block(("a", "b"))),
    "twice": answer(3) * 2,
    "in-parts": frame(frames.HEADERS, 0, 3, GOOD)
    + frame(frames.CONTINUATION, WHOLE, 3, block(("mine", "1"))),
}
ODD_BODIES = {
    "none": b"",
    "empty": message(3, b""),
    "no-data": frame(frames.DATA, 0, 3),
    "too-large": message(3, bytes(16_380)),
    "half": frame(frames.DATA, 0, 3, prefixed(b"half")[:-1]),
    "two-in-one": frame(frames.DATA, 0, 3, prefixed(b"a") + prefixed(b"b")),
    "two": message(3, b"a") + message(3, b"b"),
    "compressed": frame(frames.DATA, 0, 3, b"\x01" + bytes(4)),
    "cut-off": message(3, flags=END),
    "padded": frame(frames.DATA, frames.PADDED, 3, b"\x01" + prefixed(b"padded") + b"."),
    "on-a-stream-never-opened": message(9),
    "then-headers-again": message(3) + answer(3),
    "then-a-window": message(3) + frames.window_update(3, 100),
    "then-a-window-too-large": message(3) + frames.window_update(3, frames.LARGEST_WINDOW - 65_535),
    "then-a-window-of-all": message(3) + frames.window_update(0, 100),
    "then-a-ping": message(3) + frame(frames.PING, 0, 0, bytes(8)),
    "then-an-unknown-frame": message(3) + frame(0xFA, 0, 3, b"unknown"),
    "then-leaving": message(3) + frame(frames.GOAWAY, 0, 0, b"\x00\x00\x00\x03" + bytes(4)),
    "then-other-settings": message(3) + setting(4, 10),
    "within-a-block": HALF_BLOCK + message(3),
}
ODD_ENDS = {
    "another-status": trailers(3, "13", "why"),
    "another-status-and-headers": answer(3, flags=END, grpc_status="5"),
    "in-parts": frame(frames.HEADERS, END, 3, b"") + frame(frames.CONTINUATION, WHOLE, 3, END_OK),
    "padded": frame(frames.HEADERS, WHOLE | END | frames.PADDED, 3, b"\x01" + END_OK + b"."),
    "reset": frames.rst_stream(3, 7),
    "within-a-block": HALF_BLOCK + trailers(3),
    "no-end": frame(frames.HEADERS, WHOLE, 3, END_OK),
}
ODD = (ODD_BEGINNINGS, ODD_BODIES, ODD_ENDS)
PLAIN = (answer(3), message(3), trailers(3))


def on(stream, said):
    """The same frames on another stream."""
    made, at = b"", 0
    while at < len(said):
        after = at + 9 + int.from_bytes(said[at : at + 3], "big")
        of = int.from_bytes(said[at + 5 : at + 9], "big")
        head = (stream if of == 3 else of).to_bytes(4, "big")
        made, at = made + said[at : at + 5] + head + said[at + 9 : after], after
    return made


def replies_to(stream):
    """Plain ones and such as are nearly so."""
    parts = [
        st.one_of(st.just(plain), st.sampled_from(list(odd.values())))
        for plain, odd in zip(PLAIN, ODD, strict=True)
    ]
    return st.tuples(*parts).map(lambda made: [on(stream, part) for part in made])


@st.composite
def talks(draw):
    """Replies on all streams, their frames between one another's."""
    left = [draw(replies_to(stream)) for stream in STREAMS]
    said = []
    while any(left):
        said.append(draw(st.sampled_from([one for one in left if one])).pop(0))
    return b"".join(said)


def ends_of(said, cuts, *, takes_short_way):
    """All that came of three calls, one of which is a stream, on a connection with experience."""
    peer = Peer()
    if not takes_short_way:
        peer.connection._plain = LongWay()
    peer.call()
    peer.says(reply(1))
    exchanges = [peer.call(tells_messages=stream == 7) for stream in STREAMS]
    edges = sorted({0, len(said), *(cut % (len(said) + 1) for cut in cuts)})
    peer.says(*(said[a:b] for a, b in itertools.pairwise(edges)))
    return (
        [
            (one.status, list(one.messages), one.initial_metadata(), one.trailing_metadata())
            for one in exchanges
        ],
        [one.outgoing.window for one in exchanges],
        [one.incoming.release(0) or one.unread_bytes for one in exchanges],
        peer.connection.exchanges.keys(),
        peer.connection.broken,
        peer.heard(),
    )


class LongWay(PlainReplies):
    """Finds no frame plain."""

    def take(self, buffer, at, exchanges):
        return at


@given(talks(), st.lists(st.integers(0, 2000), max_size=4))
def test_the_short_way_comes_to_the_same_end_as_the_long_one(said, cuts):
    short = ends_of(said, cuts, takes_short_way=True)
    assert short == ends_of(said, cuts, takes_short_way=False)


@pytest.mark.parametrize(
    ("place", "odd"),
    [
        pytest.param(place, odd, id=f"{where}-{name}")
        for place, (where, odds) in enumerate(zip(("begins", "says", "ends"), ODD, strict=True))
        for name, odd in odds.items()
    ],
)
def test_what_is_not_quite_plain_comes_to_the_same_end_as_in_the_long_way(place, odd):
    said = b"".join((*PLAIN[:place], odd, *PLAIN[place + 1 :], reply(5)))
    short = ends_of(said, (), takes_short_way=True)
    assert short == ends_of(said, (), takes_short_way=False)


def test_a_reply_like_one_before_is_taken_in_the_short_way(monkeypatch):
    peer = Peer()
    first, second, third = (peer.call() for _ in range(3))
    peer.says(reply(1))
    monkeypatch.setattr(Connection, "_receive_frame", lambda *_: pytest.fail("the long way"))
    peer.says(reply(3, b"other") + reply(5))
    assert [one.status for one in (first, second, third)] == [("OK", "")] * 3
    assert list(second.messages) == [b"other"]


@given(st.integers(0, 70_000), st.integers(0, 70_000), st.integers(1, 2**31 - 1))
def test_a_whole_call_is_headers_and_one_message(block_bytes, body_bytes, stream):
    headers, body = bytes(block_bytes), bytes(body_bytes)
    assert call_bytes(stream, headers, body) == frames.header_frames(
        stream, headers, block_bytes, end_stream=False
    ) + frame(frames.DATA, END, stream, prefixed(body))


def test_the_window_of_a_plain_call_is_known_when_it_changes_under_way():
    peer = Peer()
    exchange = peer.call(b"ask")
    peer.says(setting(4, 0), frames.window_update(1, 3))
    assert exchange.outgoing.window == 3 - len(prefixed(b"ask"))
    assert exchange.outgoing.ended


def test_data_of_plain_calls_counts_for_the_connection():
    peer = Peer()
    peer.call()
    peer.says(reply(1))
    before = peer.connection._inflow.left - peer.connection._inflow.owed
    peer.call()
    peer.says(reply(3, bytes(1000)))
    assert before - (peer.connection._inflow.left - peer.connection._inflow.owed) == 2 * 1005


def test_calls_lost_while_replies_are_read_end_with_that_and_not_with_their_replies():
    peer = Peer()
    peer.call()
    peer.says(reply(1))
    first, second = peer.call(), peer.call()
    first.changed = lambda: peer.connection.lose("UNAVAILABLE", "closed")
    peer.says(reply(3) + reply(5))
    assert first.status == ("OK", "")
    assert second.status == ("UNAVAILABLE", "closed")


def test_a_call_that_is_over_holds_its_follower_no_longer():
    peer = Peer()
    exchange = peer.call()
    follower = exchange.changed
    peer.says(reply(1))
    assert exchange.changed != follower
    assert peer.changes == 1
