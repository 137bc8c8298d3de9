"""A session over a pair of sockets: nothing lost or out of order, whatever the socket takes."""

import gevent
import pytest
from gevent import socket

from grpc_user.h2 import frames
from grpc_user.h2.connection import Connection
from grpc_user.h2.exchange import Exchange
from grpc_user.h2.frame_reader import FrameReader
from grpc_user.h2.session import Session

LARGE = 3_000_000


@pytest.fixture
def pair():
    """A session whose peer takes any amount, and the peer's socket."""
    ours, theirs = socket.socketpair()
    session = Session(ours, Connection())
    room = frames.window_update(0, 2**30)
    theirs.sendall(frames.settings([(3, 100), (4, 2**30)]) + room)
    assert session.wait_until_ready(5)
    yield session, theirs
    session.close("CANCELLED", "")
    theirs.close()


def begin(session, body):
    exchange = Exchange(lambda: None)
    session.connection.begin(exchange, b"headers", body)
    session.flush()
    return exchange


def read_until(theirs, last_stream):
    """Bytes of DATA by stream, up to the end of one."""
    sizes, reader, preface = {}, FrameReader(), len(frames.PREFACE)
    with gevent.Timeout(10):
        while True:
            data = theirs.recv(1 << 16)
            for kind, flags, stream, payload, _ in reader.frames(data[preface:]):
                if kind == frames.DATA:
                    sizes[stream] = sizes.get(stream, 0) + len(payload)
                    if stream == last_stream and flags & frames.END_STREAM:
                        return sizes
            preface = max(0, preface - len(data))


def test_what_the_socket_does_not_take_at_once_follows_in_order(pair):
    session, theirs = pair
    begin(session, bytes(LARGE))
    gevent.sleep(0)
    begin(session, bytes(LARGE))  # while the first is stuck
    gevent.sleep(0)
    begin(session, b"")
    assert read_until(theirs, 5) == {1: LARGE + 5, 3: LARGE + 5, 5: 5}


def test_what_is_said_in_one_turn_of_the_loop_leaves_in_one_write(pair, monkeypatch):
    session, theirs = pair
    gevent.sleep(0)
    writes = []
    write = session._write_now
    monkeypatch.setattr(session, "_write_now", lambda: (writes.append(1), write()))
    for _ in range(50):
        begin(session, b"ask")
    assert writes == []
    read_until(theirs, 99)
    assert writes == [1]


def test_a_peer_that_is_gone_is_noticed_by_writing(pair):
    session, theirs = pair
    theirs.close()
    exchange = begin(session, b"ask")
    gevent.sleep(0)
    gevent.sleep(0)
    assert exchange.status[0] == "UNAVAILABLE"
