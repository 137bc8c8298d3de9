import gevent
import pytest

from grpc_user.channels import ChannelSettings
from grpc_user.connection_keeper import ConnectionKeeper
from grpc_user.errors import TransportClosedError
from grpc_user.targets import parse_targets
from grpc_user.transport import CallSpec
from tests.grpc_user.probe_pb2 import Ask

FOR_EACH_TRANSPORT = True

ONE = CallSpec("/probe.v1.Probe/One", False, False, timeout_s=10)


def slow(seconds):
    return Ask(delay_s=seconds).SerializeToString()


def call_at_once(transport, count, body, spec=ONE):
    return [gevent.spawn(transport.call, spec, body, lambda *_: None) for _ in range(count)]


def test_nothing_is_opened_before_it_is_needed(raw_server, new_transport):
    server = raw_server()
    new_transport(f"127.0.0.1:{server.port}")
    gevent.sleep(0)
    assert server.connections == 0


def test_connections_are_open_before_the_first_call(raw_server, new_transport):
    server = raw_server()
    assert new_transport(f"127.0.0.1:{server.port}", connections="3").open() == ()
    assert server.connections == 1 + 3  # the look at its settings, and ours


def test_each_connection_is_one_of_its_own(start_probe, new_transport, seen):
    server = start_probe()
    transport = new_transport(server.host, connections="5")
    for _ in range(10):
        transport.call(ONE, b"", lambda *_: None)
    assert len(seen(server).peers) == 5


def test_a_target_that_is_down_is_a_problem_and_its_calls_are_failures(new_transport):
    transport = new_transport("127.0.0.1:1")
    (problem,) = transport.open()
    assert problem == "cannot connect to 127.0.0.1:1: Connection refused"
    assert transport.call(ONE, b"", lambda *_: None).code == "UNAVAILABLE"


def test_a_unix_socket_is_a_target(start_probe, new_transport, tmp_path):
    host = f"unix:{tmp_path}/probe.sock"
    start_probe("--address", host)
    assert new_transport(host).call(ONE, b"", lambda *_: None).code == "OK"


def test_calls_go_to_all_targets_in_equal_shares(start_probe, new_transport, seen):
    servers = [start_probe() for _ in range(3)]
    transport = new_transport(",".join(server.host for server in servers))
    for _ in range(12):
        transport.call(ONE, b"", lambda *_: None)
    assert [seen(server).started for server in servers] == [4, 4, 4]


def test_connections_grow_with_the_calls_in_flight(start_probe, new_transport, seen, eventually):
    server = start_probe("--max-streams", "4")
    transport = new_transport(server.host)
    transport.open()
    calls = call_at_once(transport, 40, slow(1.0))
    assert eventually(lambda: len(transport.keeper.pool.connections) >= 20)
    assert {call.get().code for call in calls} == {"OK"}
    assert seen(server).most_at_once == 40


def test_without_growth_a_call_waits_where_it_can_be_seen(start_probe, new_transport, seen):
    server = start_probe("--max-streams", "20")
    transport = new_transport(server.host, connections="2")
    for connection in transport.keeper.pool.connections:
        connection.stream_limit = 5  # a server at its very limit refuses a stream now and then
    sent_s = []

    def call():
        return transport.call(ONE, slow(0.2), lambda at_s, _: sent_s.append(at_s))

    calls = [gevent.spawn(call) for _ in range(20)]
    assert {one.get().code for one in calls} == {"OK"}
    assert seen(server).most_at_once == 10
    assert transport.keeper.pool.waited == 10
    assert sorted(sent_s)[10] - min(sent_s) >= 0.2


def test_a_call_that_never_gets_a_stream_says_so(start_probe, new_transport):
    server = start_probe("--max-streams", "1")
    transport = new_transport(server.host, connections="1")
    transport.open()
    holding = call_at_once(transport, 1, slow(1.0))
    gevent.sleep(0)
    spec = CallSpec(ONE.path, False, False, timeout_s=0.1)
    sent = []
    ending = transport.call(spec, b"", lambda *at: sent.append(at))
    assert ending.waited_out
    assert "1 connections, 1 streams in all" in ending.details
    assert sent == []
    gevent.joinall(holding)


class SteppingClock:
    now_s = 0.0

    def __call__(self):
        return self.now_s


def test_an_old_connection_is_renewed_and_its_calls_go_on(start_probe, seen, eventually):
    server, now_s = start_probe(), SteppingClock()
    keeper = ConnectionKeeper(parse_targets(server.host), ChannelSettings(), 1, now_s)
    keeper.open()
    old = keeper.take(None)
    call = gevent.spawn(old.wire.callable_for(ONE).with_call, slow(0.5), timeout=5)
    now_s.now_s = 31.0
    keeper.give_back(keeper.take(None))
    assert eventually(lambda: keeper.pool.connections[0] is not old)
    assert call.get()[1].code().name == "OK"
    keeper.give_back(old)
    with pytest.raises(ValueError, match="closed channel"):
        old.wire.channel.unary_unary("/x/y")(b"")
    keeper.close()


def test_backends_added_behind_a_balancer_get_load(raw_server, eventually):
    """A balancer of connections: what it sees of us is when we connect anew."""
    server, now_s = raw_server(), SteppingClock()
    keeper = ConnectionKeeper(
        parse_targets(f"127.0.0.1:{server.port}"), ChannelSettings(), None, now_s
    )
    keeper.open()
    for _ in range(4):
        before = server.connections
        now_s.now_s += 31.0

        def a_call_later(before=before):
            keeper.give_back(keeper.take(None))
            return server.connections > before

        assert eventually(a_call_later)
    keeper.close()


def test_calls_after_the_end_are_refused(new_transport, probe):
    transport = new_transport(probe.host)
    transport.close()
    with pytest.raises(TransportClosedError):
        transport.call(ONE, b"", lambda *_: None)


def test_a_server_that_comes_back_is_found_within_a_second_or_two(start_probe, new_transport):
    server = start_probe()
    transport = new_transport(server.host)
    assert transport.call(ONE, b"", lambda *_: None).code == "OK"
    server.kill()
    while transport.call(ONE, b"", lambda *_: None).code == "OK":
        gevent.sleep(0.01)
    gevent.sleep(2.0)  # lets the back-off grow
    start_probe("--address", server.host)
    with gevent.Timeout(5.0):
        while transport.call(ONE, b"", lambda *_: None).code != "OK":
            gevent.sleep(0.05)
