"""The spin user and the worker it brings along."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grpc_user.embedded_workers import EmbeddedWorker, end_embedded_worker, worker_environment
from grpc_user.errors import EmbeddedWorkerError
from grpc_user.spin_figures import spin_figures
from grpc_user.spin_user import SpinUser
from proto.spin_pb2 import SpinReply

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def worker():
    worker = EmbeddedWorker()
    yield worker
    worker.end()


def test_a_spin_call_brings_the_workers_figures_home(new_run, worker):
    run = new_run(worker.address, SpinUser, spin="20ms")
    user = run.user(SpinUser)
    run.do(user.send)
    outcome, (arrival,) = run.outcome, run.arrivals
    assert (outcome.status, outcome.code) == ("ok", "OK")
    assert arrival.spin_s == 0.02
    assert outcome.instance_id
    assert outcome.instance_seq >= 1
    assert outcome.worker_cpu_s == pytest.approx(0.02, rel=0.2)
    assert outcome.worker_wall_s >= outcome.worker_cpu_s
    assert run.events[0]["context"]["instance"] == outcome.instance_id


def test_an_arrivals_own_spin_is_asked_for(new_run, worker):
    run = new_run(worker.address, SpinUser, spin="500ms")
    user = run.user(SpinUser)

    def short():
        run.arrivals[-1].spin_s = 0.01
        user.send()

    run.do(short)
    assert run.outcome.worker_cpu_s < 0.1


def test_the_workers_refusal_is_the_applications(new_run, worker):
    run = new_run(worker.address, SpinUser, spin="1h")
    with pytest.raises(Exception, match="INVALID_ARGUMENT: app"):
        run.do(run.user(SpinUser).send)
    assert run.outcome.failure_class == "app"


def test_figures_are_in_seconds():
    reply = SpinReply(instance_id="i", instance_seq=1, queue_us=1500, wall_us=20000, cpu_us=10000)
    figures = spin_figures(reply)
    assert figures["worker_queue_s"] == 0.0015
    assert (figures["worker_wall_s"], figures["worker_cpu_s"]) == (0.02, 0.01)
    assert figures["pod"] is None


def test_without_a_host_a_worker_of_our_own_serves(new_run):
    run = new_run("", SpinUser, spin="1ms")
    try:
        run.do(run.user(SpinUser).send)
        assert run.outcome.status == "ok"
    finally:
        end_embedded_worker(run.environment)


def test_a_worker_is_ended_and_with_it_its_port(eventually):
    worker = EmbeddedWorker()
    assert worker.alive
    worker.end()
    assert not worker.alive


def test_a_worker_that_does_not_start_is_said():
    with pytest.raises(EmbeddedWorkerError, match=r"did not start: .*no-such-flag.*valid: --host"):
        EmbeddedWorker(("worker", "--no-such-flag"))


def test_a_worker_takes_no_port_from_a_platform(monkeypatch):
    environment = worker_environment({"PORT": "8080", "PYTHONPATH": "/elsewhere"})
    assert "PORT" not in environment
    assert environment["PYTHONPATH"] == f"{ROOT}{os.pathsep}/elsewhere"


PARENT = """
import sys, time
from grpc_user.embedded_workers import EmbeddedWorker
worker = EmbeddedWorker()
print(worker._process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
def test_a_killed_generator_leaves_no_worker_behind(eventually):
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE)
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    def gone():
        try:
            return b" Z " in Path(f"/proc/{pid}/stat").read_bytes()
        except OSError:
            return True

    assert eventually(gone)
