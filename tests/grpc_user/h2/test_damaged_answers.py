"""Answers that were damaged on their way end a call in one way, however their bytes arrive."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grpc_user.h2 import frames
from grpc_user.h2.frames import frame
from tests.grpc_user.h2.peer import END, WHOLE, Peer, answer, block, message, setting, trailers

BEFORE, CALLS = 4, 3
STREAMS = [2 * k + 1 for k in range(BEFORE, BEFORE + CALLS)]


def plain(stream):
    return [answer(stream), message(stream, bytes([stream]) * 3), trailers(stream)]


def in_pieces(stream):
    head = block((":status", "200"), ("content-type", "application/grpc"))
    body = message(stream, b"pieces")[9:]
    first = frame(frames.HEADERS, 0, stream, head[:4])
    return [
        first + frame(frames.CONTINUATION, WHOLE, stream, head[4:]),  # nothing may come between
        frame(frames.DATA, frames.PADDED, stream, b"\x02" + body[:7] + bytes(2)),
        frame(frames.DATA, 0, stream, body[7:]),
        trailers(stream, "5", "no%20such"),
    ]


def of_many(stream):
    return [answer(stream, mine="x"), message(stream), message(stream), trailers(stream)]


def only_trailers(stream):
    return [answer(stream, flags=END, grpc_status="8", grpc_message="full")]


BETWEEN = [
    frame(frames.PING, 0, 0, b"12345678"),
    setting(3, 7),
    setting(4, 100_000),
    frames.window_update(0, 1000),
    frame(0xFA, 0, 1, b"unknown"),
    frame(frames.GOAWAY, 0, 0, STREAMS[1].to_bytes(4, "big") + bytes(4)),
]

ANSWERS = [plain, in_pieces, of_many, only_trailers]
kinds_of_answers = st.lists(st.sampled_from(ANSWERS), min_size=CALLS, max_size=CALLS)


@st.composite
def conversations(draw):
    """Frames of answers to all calls, mixed with others, in an order that keeps each answer's."""
    queues = [make(stream) for make, stream in zip(draw(kinds_of_answers), STREAMS, strict=True)]
    queues.append(draw(st.lists(st.sampled_from(BETWEEN), max_size=3)))
    made = []
    while any(queues):
        queue = draw(st.sampled_from([one for one in queues if one]))
        made.append(queue.pop(0))
    return b"".join(made)


@st.composite
def damaged(draw):
    """A conversation with some bytes changed, lost or put in between."""
    whole = bytearray(draw(conversations()))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(whole) - 1))
        how = draw(st.sampled_from(["change", "lose", "insert", "cut off"]))
        if how == "change":
            whole[at] = draw(st.integers(0, 255))
        elif how == "lose":
            del whole[at : at + draw(st.integers(1, 12))]
        elif how == "insert":
            whole[at:at] = draw(st.binary(max_size=12))
        else:
            del whole[at + 1 :]
        if not whole:
            break
    return bytes(whole)


def cold():
    """A connection on which no header block was seen before."""
    peer = Peer()
    for _ in range(BEFORE):
        peer.says(frames.rst_stream(peer.call().stream_id, frames.CANCEL))
    peer.heard()
    return peer


def warm():
    """A connection on which all header blocks were seen before."""
    peer = Peer()
    for make in ANSWERS:
        peer.says(*make(peer.call().stream_id))
    peer.heard()
    return peer


def end_of(parts, made=cold):
    """All that a connection makes of these parts."""
    peer = made()
    exchanges = [peer.call() for _ in STREAMS]
    connection = peer.connection
    for part in parts:
        if not connection.broken:
            peer.says(part)
    return {
        "calls": [
            (one.status, list(one.messages), one.initial_metadata(), one.trailing_metadata())
            for one in exchanges
        ],
        "broken": connection.broken,
        "leaving": connection.is_leaving,
        "open": sorted(connection.exchanges),
        "said": b"".join(connection.out),
    }


@st.composite
def cut_up(draw, whole):
    edges = [0, *sorted(draw(st.sets(st.integers(0, len(whole)), max_size=8))), len(whole)]
    return [whole[a:b] for a, b in itertools.pairwise(edges)]


@settings(max_examples=60)
@given(st.one_of(conversations(), damaged()), st.data())
def test_what_becomes_of_calls_does_not_depend_on_how_the_bytes_arrive(whole, data):
    at_once = end_of([whole])
    assert end_of(data.draw(cut_up(whole))) == at_once
    assert end_of([whole[at : at + 1] for at in range(len(whole))]) == at_once


@settings(max_examples=100)
@given(st.one_of(conversations(), damaged()), st.data())
def test_what_becomes_of_calls_does_not_depend_on_what_was_seen_before(whole, data):
    first = end_of([whole])
    assert end_of([whole], warm) == first
    assert end_of(data.draw(cut_up(whole)), warm) == first


@settings(max_examples=60)
@given(damaged())
@example(b"")
def test_a_call_hangs_on_no_connection_that_is_broken(whole):
    end = end_of([whole])
    for status, *_ in end["calls"]:
        assert (status is None) <= (end["broken"] == "")
    assert bool(end["open"]) == any(status is None for status, *_ in end["calls"])


@pytest.mark.parametrize("damage", [b"\xff" * 12, b"\x7f" + b"\xff" * 12, b"\x00\x7f", b"\xff"])
def test_the_reason_of_a_breach_does_not_differ_from_time_to_time(damage):
    peer = Peer()
    peer.call()
    peer.says(frame(frames.HEADERS, WHOLE, 1, damage))
    reason = peer.connection.broken.partition("headers do not decode: ")[2].rstrip(")")
    assert reason.replace(" ", "").isalpha()


@pytest.mark.parametrize("make", ANSWERS)
@pytest.mark.parametrize("made", [cold, warm])
def test_an_answer_says_the_same_beside_others_as_alone(make, made):
    mine, other, last = STREAMS
    alone = end_of(make(mine), made)["calls"][0]
    parts = [make(mine)[0], *plain(other), *make(mine)[1:], *only_trailers(last)]
    assert end_of(parts, made)["calls"][0] == alone
    assert alone[0] is not None
