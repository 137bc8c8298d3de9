"""Connections that are lost, left, limited and read slowly, over real sockets."""

import struct

import gevent
import grpc
import pytest
from gevent.server import StreamServer

from grpc_user.failures import classify
from grpc_user.h2 import frames
from grpc_user.h2.h2_transport import what_is_not_offered
from grpc_user.transport import H2, CallSpec
from tests.grpc_user import raw_server as raw
from tests.grpc_user.probe_pb2 import Answer, Ask

PATH = "/probe.v1.Probe/One"
ONE = CallSpec(PATH, False, False, timeout_s=5)
MANY = CallSpec("/probe.v1.Probe/Many", False, True, timeout_s=20)
SHORT = CallSpec(PATH, False, False, timeout_s=0.2)


@pytest.fixture
def transport_name():
    return H2


@pytest.fixture
def to_raw(raw_server, new_transport):
    """A raw server and a transport to it."""

    def make(respond, connections="1", **more):
        server = raw_server(respond, **more)
        return server, new_transport(f"127.0.0.1:{server.port}", connections=connections)

    return make


def call(transport, spec=ONE, body=b""):
    return transport.call(spec, body, lambda *_: None)


def limit(streams):
    return struct.pack(">HI", 3, streams)


def answers(connection, stream):
    """As a server that answers with an empty reply."""
    block = raw.status(200) + raw.field("content-type", "application/grpc")
    connection.sendall(
        raw.frame(raw.HEADERS, raw.END_HEADERS, stream, block)
        + raw.frame(raw.DATA, 0, stream, bytes(5))
        + raw.frame(raw.HEADERS, 5, stream, raw.field("grpc-status", "0"))
    )


def test_a_server_that_leaves_is_connected_to_anew(to_raw):
    def answers_and_leaves(connection, stream):
        connection.sendall(raw.frame(raw.GOAWAY, 0, 0, struct.pack(">II", stream, 0)))
        answers(connection, stream)

    server, transport = to_raw(answers_and_leaves)
    assert {call(transport).code for _ in range(3)} == {"OK"}
    assert server.connections >= 1 + 3


def test_no_call_fails_with_a_server_that_renews_its_connections(start_probe, new_transport):
    server = start_probe("--max-age-ms", "300")
    transport = new_transport(server.host, connections="2")
    codes = set()
    with gevent.Timeout(1.5, False):
        while True:
            codes.add(call(transport).code)
            gevent.sleep(0.005)
    assert codes == {"OK"}


def test_a_server_that_hangs_up_at_once_is_not_asked_faster_than_one_that_is_down(to_raw):
    server, transport = to_raw(raw.cut_connection)
    transport.open()
    before = server.connections
    with gevent.Timeout(0.7, False):
        while True:
            call(transport)
    assert 2 <= server.connections - before <= 8


def test_a_call_is_not_sent_twice(to_raw):
    asked = []

    def cuts(connection, stream):
        asked.append(stream)
        raw.cut_connection(connection, stream)

    _, transport = to_raw(cuts)
    assert call(transport).code == "UNAVAILABLE"
    assert asked == [1]


def test_a_limit_of_streams_that_falls_is_kept_by_waiting_in_the_open(to_raw):
    asked = []

    def lowers(connection, stream):
        asked.append(stream)
        connection.sendall(raw.frame(raw.SETTINGS, 0, 0, limit(1)))

    _, transport = to_raw(lowers, settings=limit(10))
    transport.open()
    holding = gevent.spawn(call, transport)
    gevent.sleep(0.1)
    sent = []
    ending = transport.call(SHORT, b"", lambda *at: sent.append(at))
    assert ending.waited_out
    assert (asked, sent) == ([1], [])
    holding.kill()


def test_a_limit_of_streams_that_grows_lets_waiting_calls_go(to_raw):
    def raises(connection, stream):
        if stream == 1:
            gevent.sleep(0.1)
            connection.sendall(raw.frame(raw.SETTINGS, 0, 0, limit(5)))
        else:
            answers(connection, stream)

    _, transport = to_raw(raises, settings=limit(1))
    transport.open()
    holding = gevent.spawn(call, transport)
    gevent.sleep(0)
    assert call(transport).code == "OK"
    assert not holding.ready()
    holding.kill()


def test_a_target_that_speaks_http_1_is_named_so(new_transport):
    def refuse(connection, _):
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server = StreamServer(("127.0.0.1", 0), refuse)
    server.start()
    ending = call(new_transport(f"127.0.0.1:{server.server_port}"))
    server.stop()
    assert ending.code == "UNAVAILABLE"
    assert "the target speaks HTTP/1" in ending.details
    assert classify(ending.code, ending.details).failure_class == "refused"


def test_a_peer_that_breaks_the_protocol_is_left_and_connected_to_anew(to_raw):
    seen = []

    def breaks_it_once(connection, stream):
        seen.append(stream)
        if len(seen) == 1:
            connection.sendall(raw.frame(frames.PUSH_PROMISE, 4, stream, bytes(4)))
        else:
            answers(connection, stream)

    _, transport = to_raw(breaks_it_once)
    broken = call(transport)
    assert broken.code == "UNAVAILABLE"
    assert "a pushed stream" in broken.details
    assert call(transport).code == "OK"


def test_an_answer_in_single_bytes_is_read(to_raw):
    class Dripping:
        def __init__(self, connection):
            self._connection = connection

        def sendall(self, data):
            for at in range(len(data)):
                self._connection.sendall(data[at : at + 1])
                gevent.sleep(0)

    _, transport = to_raw(lambda connection, stream: answers(Dripping(connection), stream))
    assert call(transport).body == b""


def test_a_slow_reader_holds_its_server_back_and_loses_nothing(probe, new_transport):
    request = Ask(replies=60, reply_bytes=200_000).SerializeToString()
    stream = new_transport(probe.host).stream(MANY, request, lambda *_: None)
    assert stream.next_body() is not None
    gevent.sleep(0.5)
    assert stream.exchange.unread_bytes < 2_000_000
    sizes = [len(Answer.FromString(body).payload) for body in iter(stream.next_body, None)]
    assert sizes == [200_000] * 59
    assert stream.ending().code == "OK"


def test_many_calls_at_once_each_get_their_own_answer(probe, new_transport):
    transport = new_transport(probe.host)

    def text_of(k):
        body = Ask(text=str(k), reply_bytes=k * 100).SerializeToString()
        return Answer.FromString(call(transport, ONE, body).body).text

    greenlets = [gevent.spawn(text_of, k) for k in range(150)]
    assert [one.get() for one in greenlets] == [str(k) for k in range(150)]


@pytest.mark.parametrize(
    "asked",
    [
        {"compression": grpc.Compression.Gzip},
        {"credentials": grpc.access_token_call_credentials("x")},
    ],
)
def test_what_only_grpcio_offers_is_refused_and_is_our_own_fault(probe, new_transport, asked):
    ending = call(new_transport(probe.host), CallSpec(PATH, False, False, 5, **asked))
    assert ending.code == "UNIMPLEMENTED"
    assert "valid: " in ending.details
    assert classify(ending.code, ending.details).failure_class == "generator"


def test_a_call_that_asks_for_no_compression_is_fine():
    spec = CallSpec(PATH, False, False, 5, compression=grpc.Compression.NoCompression)
    assert what_is_not_offered(spec) == ""


def test_metadata_that_cannot_be_sent_is_raised_and_holds_no_stream(probe, new_transport):
    transport = new_transport(probe.host)
    with pytest.raises(ValueError, match="metadata was invalid"):
        call(transport, CallSpec(PATH, False, False, 5, metadata=(("Upper", "x"),)))
    assert transport.keeper.pool.in_flight == 0


def test_a_fault_of_ours_in_reading_leaves_no_call_waiting(to_raw, monkeypatch):
    _, transport = to_raw(answers)
    transport.open()

    def fails(*_):
        raise KeyError("ours")

    monkeypatch.setattr("grpc_user.h2.headers.HeaderDecoder.decode", fails)
    ending = call(transport)
    assert (ending.code, ending.details) == (
        "INTERNAL", "Stream removed (reading failed: KeyError('ours'))",
    )  # fmt: skip


def test_waiting_for_a_connection_is_as_long_as_the_deadline(new_transport, start_probe):
    server = start_probe()
    transport = new_transport(server.host)
    transport.open()
    server.kill()
    gevent.sleep(0.05)
    spec = CallSpec(PATH, False, False, timeout_s=10, wait_for_ready=True)
    waiting = gevent.spawn(call, transport, spec)
    gevent.sleep(0.2)
    start_probe("--address", server.host)
    assert waiting.get().code == "OK"


def test_calls_under_way_end_as_cancelled_when_the_transport_is_closed(to_raw):
    _, transport = to_raw(raw.never_answer)
    waiting = gevent.spawn(call, transport)
    gevent.sleep(0.1)
    transport.close()
    ending = waiting.get()
    assert (ending.code, ending.details) == ("CANCELLED", "Channel closed!")
    assert call(transport).code == "CANCELLED"
