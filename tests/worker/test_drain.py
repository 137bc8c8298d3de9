"""How a worker process ends."""

import signal

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from proto.spin_pb2 import SpinRequest
from proto.spin_pb2_grpc import SpinnerStub
from tests.worker.fakes import Account, account_in, connected, running_worker

LONG = SpinRequest(spin_us=900_000, replies=9)
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_an_idle_worker_ends_with_code_0_and_its_counts(worker, number):
    for _ in range(3):
        worker.stub.Spin(SpinRequest())
    with pytest.raises(grpc.RpcError):
        worker.stub.Spin(SpinRequest(spin_us=-1))
    code, errors = worker.end(number)
    assert code == 0
    assert account_in(errors) == Account(3, 3, 0, 0, 1)
    assert errors.splitlines()[-1].startswith(f"spin worker {worker.instance_id} stopped: ")


def test_calls_under_way_finish_after_sigterm(worker):
    stream = worker.stub.SpinStream(LONG)
    unary = worker.stub.Spin.future(SpinRequest(spin_us=300_000))
    next(stream)
    worker.process.send_signal(signal.SIGTERM)
    assert len(list(stream)) == 8
    assert unary.result().cpu_us >= 300_000
    code, errors = worker.end()
    assert (code, account_in(errors)) == (0, Account(2, 2, 0, 0, 0))


def test_a_draining_worker_is_not_healthy_and_takes_no_new_connection(worker):
    stream = worker.stub.SpinStream(LONG)
    next(stream)
    watch = health_pb2_grpc.HealthStub(worker.channel).Watch(health_pb2.HealthCheckRequest())
    next(watch)
    worker.process.send_signal(signal.SIGTERM)
    assert next(watch).status == NOT_SERVING
    next(stream)
    with connected(worker.address) as late, pytest.raises(grpc.RpcError) as refused:
        SpinnerStub(late).Spin(SpinRequest())
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert len(list(stream)) == 7
    assert worker.end()[0] == 0


def test_a_health_watcher_does_not_keep_the_worker_from_ending(worker):
    watch = health_pb2_grpc.HealthStub(worker.channel).Watch(health_pb2.HealthCheckRequest())
    next(watch)
    assert worker.end(signal.SIGTERM)[0] == 0


@pytest.mark.parametrize(
    ("second", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["term", "int"]
)
def test_the_second_signal_ends_it_at_once(worker, second, code):
    stream = worker.stub.SpinStream(SpinRequest(spin_us=10_000_000, replies=100))
    next(stream)
    worker.process.send_signal(signal.SIGTERM)
    assert "draining after SIGTERM" in worker.process.stderr.readline()
    left_with, errors = worker.end(second)
    assert left_with == code
    assert account_in(errors) == Account(1, 0, 0, 1, 0)


def test_a_client_that_left_does_not_hold_the_drain():
    with running_worker("--port=0") as worker:
        with connected(worker.address) as channel:
            next(SpinnerStub(channel).SpinStream(SpinRequest(spin_us=9_000_000, replies=90)))
        code, errors = worker.end(signal.SIGTERM)
    assert code == 0
    assert account_in(errors).cut_short == 1
