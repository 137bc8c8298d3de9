"""The faults of an interceptor that waits for every call, as gRPC examples for Locust have it."""

import gevent
import grpc
import pytest

from grpc_user.call_failed import CallFailed
from tests.grpc_user.probe_pb2 import Ask

PATIENCE_S = 10.0


@pytest.fixture(autouse=True)
def _patience():
    with gevent.Timeout(PATIENCE_S):
        yield


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda stub: stub.Many(Ask(replies=3)), id="server-stream"),
        pytest.param(lambda stub: stub.Chat(iter([Ask()] * 3)), id="both-streams"),
    ],
)
def test_a_stream_does_not_hang(run, call):
    user = run.user()
    assert len(run.do(lambda: list(call(user.stub)))) == 3


def test_a_stream_that_fails_midway_is_reported(run):
    user = run.user()
    received = []

    def read():
        received.extend(user.stub.Many(Ask(replies=2, code=14, details="gone")))

    with pytest.raises(CallFailed):
        run.do(read)
    assert len(received) == 2
    assert run.failure_keys == ["UNAVAILABLE: app"]
    assert run.outcome.status == "failed"


def test_three_futures_run_at_the_same_time(run):
    user = run.user()
    user.stub.One(Ask())  # connects

    def task():
        began_s = gevent.get_hub().loop.now()
        futures = [user.stub.One.future(Ask(delay_s=0.3)) for _ in range(3)]
        for future in futures:
            future.result()
        gevent.get_hub().loop.update_now()
        return gevent.get_hub().loop.now() - began_s

    assert run.do(task) < 3 * 0.3
    assert len(run.events) == 4


def test_a_killed_call_is_reported_and_cancelled_on_the_wire(
    new_run, start_probe, seen, eventually
):
    server = start_probe()
    run = new_run(server.host)
    user = run.user()
    greenlet = run.start(lambda: user.stub.One(Ask(delay_s=30)))
    assert eventually(lambda: seen(server).started == 1)
    greenlet.kill()
    assert run.failure_keys == ["CANCELLED: cancelled"]
    assert run.outcome.status == "unfinished"
    assert eventually(lambda: seen(server).cancelled == 1)


def test_a_failure_is_reported_once_and_passes_quietly_through_a_locust_task(run):
    user = run.user()
    with pytest.raises(grpc.RpcError) as raised:
        run.do(lambda: user.stub.One(Ask(code=5, details="no such thing 12345")))
    assert raised.value.code() is grpc.StatusCode.NOT_FOUND
    assert raised.value.details() == "no such thing 12345"
    assert len(run.events) == 1


def test_failure_keys_hold_neither_details_nor_debug_text(run):
    user = run.user()
    for details in ("id 1", "id 2", "id 3"):
        with pytest.raises(CallFailed):
            run.do(user.stub.One, Ask(code=5, details=details))
    assert run.failure_keys == ["NOT_FOUND: app"] * 3


def test_the_users_context_reaches_the_event(run):
    user = run.user()
    user.context = lambda: {"tenant": "blue"}
    run.do(lambda: user.stub.One(Ask(), context={"step": 2}))
    context = run.events[0]["context"]
    assert (context["tenant"], context["step"], context["k"]) == ("blue", 2, 0)


def test_the_event_says_when_the_request_began(run):
    user = run.user()
    run.do(lambda: user.stub.One(Ask()))
    assert run.events[0]["start_time"] > 0


def test_connections_are_closed_after_the_run(new_run, start_probe):
    server = start_probe()
    run = new_run(server.host)
    user = run.user()
    run.do(lambda: user.stub.One(Ask()))
    transport = user._caller._transport
    from grpc_user.session import close_session

    close_session(run.environment)
    for connection in transport.keeper.pool.connections:
        with pytest.raises(ValueError, match="closed channel"):
            connection.wire.channel.unary_unary("/x/y")(b"")
