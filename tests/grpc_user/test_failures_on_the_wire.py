"""What grpc-core really says, from servers that fail on purpose: the texts may change with it."""

import subprocess
import sys
from pathlib import Path

import pytest

from grpc_user.failures import classify
from grpc_user.transport import CallSpec
from tests.grpc_user import raw_server as raw

FOR_EACH_TRANSPORT = True

ONE = CallSpec("/probe.v1.Probe/One", False, False, timeout_s=5)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("respond", "failure_class", "http_status"),
    [
        pytest.param(raw.http_answer(502), "platform", 502, id="bad-gateway"),
        pytest.param(raw.http_answer(503), "platform", 503, id="queue-full"),
        pytest.param(raw.http_answer(504), "platform", 504, id="timeout-handler"),
        pytest.param(raw.http_answer(404), "platform", 404, id="wrong-host"),
        pytest.param(raw.http_answer(200, b"<html>"), "platform", None, id="web-page"),
        pytest.param(raw.grpc_status(14, "no healthy upstream"), "platform", None, id="envoy"),
        pytest.param(raw.grpc_status(14, "my own words"), "app", None, id="app"),
        pytest.param(raw.reset_stream(7), "stream-limit", None, id="refused-stream"),
        pytest.param(raw.reset_stream(2), "reset", None, id="stream-reset"),
        pytest.param(raw.cut_connection, "reset", None, id="cut"),
        pytest.param(raw.reset_connection, "reset", None, id="tcp-reset"),
        pytest.param(raw.go_away, "reset", None, id="goaway"),
    ],
)
def test_a_fault_on_the_way_has_its_class(
    raw_server, new_transport, respond, failure_class, http_status
):
    server = raw_server(respond)
    ending = new_transport(f"127.0.0.1:{server.port}").call(ONE, b"", lambda *_: None)
    failure = classify(ending.code, ending.details)
    assert (failure.failure_class, failure.http_status) == (failure_class, http_status)


@pytest.mark.parametrize(
    ("host", "failure_class"),
    [
        pytest.param("127.0.0.1:1", "refused", id="closed-port"),
        pytest.param("no-such-name.invalid.svc:80", "dns", id="no-such-name"),
    ],
)
def test_a_target_that_is_not_there_has_its_class(new_transport, host, failure_class):
    ending = new_transport(host).call(ONE, b"", lambda *_: None)
    assert classify(ending.code, ending.details).failure_class == failure_class


def test_a_silent_server_ends_at_the_deadline(raw_server, new_transport):
    spec = CallSpec(ONE.path, False, False, timeout_s=0.2)
    server = raw_server(raw.never_answer)
    ending = new_transport(f"127.0.0.1:{server.port}").call(spec, b"", lambda *_: None)
    assert classify(ending.code, ending.details).failure_class == "deadline"


OUT_OF_DESCRIPTORS = """
from gevent import monkey
monkey.patch_all()
import os, resource, sys, time
from grpc_user.channels import ChannelSettings
from grpc_user.failures import classify
from grpc_user.grpcio_transport import GrpcioTransport
from grpc_user.targets import parse_targets
from grpc_user.transport import CallSpec

transport = GrpcioTransport(parse_targets(sys.argv[1]), ChannelSettings())
transport.open()
spec = CallSpec("/probe.v1.Probe/One", False, False, timeout_s=5)
held = []
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
try:
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
connection = transport.keeper._make(0, transport.keeper.pool.rules[0])
transport.keeper.pool.connections = [connection]
ending = transport.call(spec, b"", lambda *_: None)
for descriptor in held:
    os.close(descriptor)
print(classify(ending.code, ending.details).failure_class)
"""


def test_our_own_lack_of_descriptors_is_not_the_targets_fault(probe):
    done = subprocess.run(
        [sys.executable, "-c", OUT_OF_DESCRIPTORS, probe.host],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "generator", done.stderr
