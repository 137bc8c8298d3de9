"""A worker process answers over loopback."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from proto.spin_pb2 import SpinRequest
from proto.spin_pb2_grpc import SpinnerStub
from tests.worker.fakes import RunningWorker, account_in, connected, running_worker

FIRST_CALLS = 40
CONNECTIONS = 4
NO_CLIENT_LIMIT = [("grpc.max_receive_message_length", -1)]


def code_of(call) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value.code(), caught.value.details()


def services_listed(channel: grpc.Channel) -> set[str]:
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    ask = reflection_pb2.ServerReflectionRequest(list_services="")
    (answer,) = stub.ServerReflectionInfo(iter([ask]))
    return {service.name for service in answer.list_services_response.service}


def health_of(channel: grpc.Channel, service: str) -> int:
    stub = health_pb2_grpc.HealthStub(channel)
    return stub.Check(health_pb2.HealthCheckRequest(service=service)).status


def test_a_spin_is_answered_by_the_instance_that_said_it_listens(shared_worker):
    reply = shared_worker.stub.Spin(SpinRequest(request_id="r-1", spin_us=1_000, reply_bytes=10))
    assert (reply.request_id, reply.instance_id) == ("r-1", shared_worker.instance_id)
    assert (reply.pod, reply.concurrency, len(reply.payload)) == ("pod-7", 1, 10)
    assert reply.cpu_us >= 1_000
    assert reply.wall_us > 0


def test_the_instance_was_ready_before_it_answered_and_not_long_ago(shared_worker):
    reply = shared_worker.stub.Spin(SpinRequest())
    assert 0 < time.time() - reply.ready_unix_us / 1e6 < 600


def test_a_stream_has_as_many_replies_as_asked(shared_worker):
    stream = shared_worker.stub.SpinStream(SpinRequest(spin_us=40_000, replies=4, reply_bytes=5))
    said = list(stream)
    assert [reply.reply_index for reply in said] == [0, 1, 2, 3]
    assert len({reply.instance_seq for reply in said}) == 1
    assert all(len(reply.payload) == 5 for reply in said)
    assert said[0].cpu_us < 40_000 <= said[-1].cpu_us


def test_a_payload_at_the_limit_is_taken_and_given(shared_worker):
    size = 4 * 1024**2
    with grpc.insecure_channel(shared_worker.address, NO_CLIENT_LIMIT) as channel:
        reply = SpinnerStub(channel).Spin(SpinRequest(payload=bytes(size), reply_bytes=size))
    assert len(reply.payload) == size


@pytest.mark.parametrize("service", ["", "spin.v1.Spinner"], ids=["server", "spinner"])
def test_it_is_healthy(shared_worker, service):
    assert health_of(shared_worker.channel, service) == health_pb2.HealthCheckResponse.SERVING


def test_reflection_lists_the_services(shared_worker):
    assert {"spin.v1.Spinner", "grpc.health.v1.Health"} <= services_listed(shared_worker.channel)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (SpinRequest(spin_us=-1), "spin_us must be 0 to 10000000 (--max-spin), got -1"),
        (SpinRequest(spin_us=10_000_001), "spin_us must be 0 to 10000000 (--max-spin)"),
        (SpinRequest(reply_bytes=4_194_305), "reply_bytes must be 0 to 4194304 (--max-payload)"),
        (SpinRequest(payload=bytes(4_194_305)), "payload's length must be 0 to 4194304"),
        (SpinRequest(mode=5), "mode must be one of CPU (0), WALL (1)"),
        (SpinRequest(request_id="x" * 257), "request_id's length must be 0 to 256"),
    ],
    ids=["negative", "too-long", "reply", "payload", "mode", "id"],
)
def test_a_wrong_request_is_refused_by_its_limits_name(shared_worker, request_, words):
    for method in (shared_worker.stub.Spin, lambda r: list(shared_worker.stub.SpinStream(r))):
        code, details = code_of(lambda method=method: method(request_))
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        assert words in details


def test_only_streams_have_several_replies(shared_worker):
    code, details = code_of(lambda: shared_worker.stub.Spin(SpinRequest(replies=2)))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "replies must be 0 to 1 (1 for Spin, more for SpinStream), got 2" in details


def test_a_message_far_beyond_the_limit_never_reaches_the_service(shared_worker):
    code, details = code_of(lambda: shared_worker.stub.Spin(SpinRequest(payload=bytes(2**24))))
    assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "larger than max" in details


def test_one_call_more_than_the_limit_is_refused_and_the_others_are_served():
    with running_worker("--port=0", "--max-concurrency=2") as worker:
        streams = [worker.stub.SpinStream(SpinRequest(spin_us=600_000, replies=3)) for _ in "ab"]
        for stream in streams:
            next(stream)
        code, details = code_of(lambda: worker.stub.Spin(SpinRequest()))
        rest = [len(list(stream)) for stream in streams]
        assert worker.stub.Spin(SpinRequest()).concurrency == 1
    assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert details == "2 calls are under way; at most 2 (--max-concurrency)"
    assert rest == [2, 2]


def test_of_many_concurrent_first_calls_exactly_one_is_the_first(worker):
    health_of(worker.channel, "")
    services_listed(worker.channel)
    code_of(lambda: worker.stub.Spin(SpinRequest(spin_us=-1)))
    with ExitStack() as stack:
        stubs = [
            SpinnerStub(stack.enter_context(connected(worker.address))) for _ in range(CONNECTIONS)
        ]
        pool = stack.enter_context(ThreadPoolExecutor(FIRST_CALLS))
        calls = [
            pool.submit(stubs[n % CONNECTIONS].Spin, SpinRequest(spin_us=2_000))
            for n in range(FIRST_CALLS)
        ]
        numbers = sorted(call.result().instance_seq for call in calls)
    assert numbers == list(range(1, FIRST_CALLS + 1))


def test_each_start_is_another_instance(worker):
    with running_worker() as other:
        assert worker.instance_id != other.instance_id
        assert other.stub.Spin(SpinRequest()).instance_seq == 1


def cut_short(worker: RunningWorker, request: SpinRequest, how: str) -> grpc.StatusCode:
    stream = worker.stub.SpinStream(request, timeout=1.0 if how == "deadline" else None)
    next(stream)
    if how == "cancel":
        stream.cancel()
    return code_of(lambda: list(stream))[0]


@pytest.mark.parametrize(
    ("how", "code"),
    [("cancel", "CANCELLED"), ("deadline", "DEADLINE_EXCEEDED")],
    ids=["cancel", "deadline"],
)
@pytest.mark.parametrize("mode", [SpinRequest.CPU, SpinRequest.WALL], ids=["cpu", "wall"])
def test_a_call_the_client_gives_up_stops_spinning(mode, how, code):
    with running_worker("--port=0") as worker:
        request = SpinRequest(spin_us=9_000_000, replies=900, mode=mode)
        assert cut_short(worker, request, how).name == code
        worker.stub.Spin(SpinRequest(spin_us=1_000))
        before_s = worker.cpu_s()
        _, errors = worker.end(15)
        account = account_in(errors)
    assert (account.started, account.finished, account.cut_short) == (2, 1, 1)
    assert before_s < 3


def test_calls_waiting_for_a_turn_leave_when_they_are_cancelled():
    with running_worker("--port=0") as worker:
        long = SpinRequest(spin_us=10_000_000)
        calls = [worker.stub.Spin.future(long) for _ in range(30)]
        first = worker.stub.SpinStream(SpinRequest(spin_us=10_000, replies=1))
        next(first)  # all 30 were accepted before it
        for call in calls:
            call.cancel()
        while worker.stub.Spin(SpinRequest()).concurrency > 1:
            pass
        _, errors = worker.end(15)
    assert account_in(errors).cut_short == 30
