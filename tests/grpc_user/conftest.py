"""The probe server beside the tests, users that call it, and what they report."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import gevent
import pytest
from gevent import monkey
from gevent.pool import Group

if not monkey.is_module_patched("socket"):
    raise pytest.UsageError(
        "tests/grpc_user need a patched process: "
        "python -m pytest -p tests.gevent_first tests/grpc_user"
    )

from grpc_user.config import GrpcConfig
from grpc_user.session import close_session, make_transport
from grpc_user.transport import GRPCIO, TRANSPORTS, Transport
from grpc_user.user import GrpcUser
from tests.grpc_user import probe_pb2, probe_pb2_grpc
from tests.grpc_user.raw_server import RawServer
from tests.grpc_user.recorded_run import Run, open_run

ROOT = Path(__file__).resolve().parents[2]


def pytest_generate_tests(metafunc):
    """A module with `FOR_EACH_TRANSPORT = True` makes the same demands of each of them."""
    for_each = getattr(metafunc.module, "FOR_EACH_TRANSPORT", False)
    if for_each and "transport_name" in metafunc.fixturenames:
        metafunc.parametrize("transport_name", TRANSPORTS)


@pytest.fixture
def transport_name():
    """What makes the calls where a test does not say."""
    return GRPCIO


class ProbeProcess:
    """The probe server as a process of its own."""

    def __init__(self, *flags: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.grpc_user.probe_server", *flags],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._process.stdout.readline())
        self.host = f"127.0.0.1:{self.port}"

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()


@pytest.fixture(scope="session")
def probe():
    server = ProbeProcess()
    yield server
    server.kill()


@pytest.fixture
def start_probe():
    """Starts probe servers of a test's own."""
    with contextlib.ExitStack() as started:

        def start(*flags: str) -> ProbeProcess:
            server = ProbeProcess(*flags)
            started.callback(server.kill)
            return server

        yield start


@pytest.fixture
def raw_server():
    """Starts servers that answer with frames a test writes down."""
    with contextlib.ExitStack() as started:

        def start(*args, **kwargs) -> RawServer:
            server = RawServer(*args, **kwargs)
            started.callback(server.close)
            return server

        yield start


class ProbeUser(GrpcUser):
    stub_class = probe_pb2_grpc.ProbeStub
    abstract = True


@pytest.fixture
def new_run(closings, transport_name):
    """Makes runs against a host, with options as on the command line."""
    with contextlib.ExitStack() as opened:

        def make(host: str, user_class: type[GrpcUser] = ProbeUser, **options: str) -> Run:
            options.setdefault("transport_name", transport_name)
            run = open_run(host, user_class, **options)
            opened.callback(closings.spawn, close_session, run.environment)
            return run

        yield make


@pytest.fixture
def run(new_run, probe):
    return new_run(probe.host)


@pytest.fixture(scope="session")
def closings():
    """Closing a connection takes a moment that tests need not wait for one by one."""
    started = Group()
    yield started
    started.join()


@pytest.fixture
def new_transport(closings, transport_name):
    """Makes transports and closes them."""
    with contextlib.ExitStack() as opened:

        def make(host: str, **options: str) -> Transport:
            request = {"host": host, "transport": transport_name, **options}
            transport = make_transport(GrpcConfig.from_request(request), host)
            opened.callback(closings.spawn, transport.close)
            return transport

        yield make


@pytest.fixture
def seen(new_transport):
    """Asks a probe server what it saw, over a connection of its own."""

    def ask(server: ProbeProcess) -> probe_pb2.Journal:
        from grpc_user.transport import CallSpec

        spec = CallSpec("/probe.v1.Probe/Seen", False, False, timeout_s=5)
        ending = new_transport(server.host).call(spec, b"", lambda *_: None)
        return probe_pb2.Journal.FromString(ending.body)

    return ask


@pytest.fixture
def eventually():
    """Waits for something that another process brings about."""

    def wait(true, timeout_s: float = 5.0) -> bool:
        with gevent.Timeout(timeout_s, False):
            while not true():
                gevent.sleep(0.01)
            return True
        return False

    return wait
