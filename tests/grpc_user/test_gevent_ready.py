"""The process around the calls: patched or refused, and able to start others."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

UNPATCHED = """
from grpc_user.channels import ChannelSettings
from grpc_user.errors import NotPatchedError
from grpc_user.grpcio_transport import GrpcioTransport
from grpc_user.targets import parse_targets

try:
    GrpcioTransport(parse_targets("127.0.0.1:1"), ChannelSettings()).open()
except NotPatchedError as error:
    print(error)
"""

GRPC_FIRST = """
import grpc
from gevent import monkey
monkey.patch_all()
import gevent, sys
from grpc_user.channels import ChannelSettings
from grpc_user.grpcio_transport import GrpcioTransport
from grpc_user.targets import parse_targets
from grpc_user.transport import CallSpec
from tests.grpc_user.probe_pb2 import Ask

transport = GrpcioTransport(parse_targets(sys.argv[1]), ChannelSettings())
spec = CallSpec("/probe.v1.Probe/One", False, False, timeout_s=30)
def call(delay_s):
    return transport.call(spec, Ask(delay_s=delay_s).SerializeToString(), lambda *_: None).code
slow = gevent.spawn(call, 5)
gevent.sleep(0.2)
print({call(0) for _ in range(10)}, slow.ready())
slow.kill()
"""

STARTS_PROCESSES = """
from gevent import monkey
monkey.patch_all()
import gevent, subprocess, sys
from grpc_user.channels import ChannelSettings
from grpc_user.grpcio_transport import GrpcioTransport
from grpc_user.targets import parse_targets
from grpc_user.transport import CallSpec

transport = GrpcioTransport(parse_targets(sys.argv[1]), ChannelSettings())
transport.open()
spec = CallSpec("/probe.v1.Probe/One", False, False, timeout_s=30)
def load():
    while True:
        transport.call(spec, b"", lambda *_: None)
callers = [gevent.spawn(load) for _ in range(8)]
gevent.sleep(0.1)
said = [subprocess.run(["echo", "alive"], capture_output=True).stdout for _ in range(60)]
gevent.killall(callers)
print(said.count(b"alive\\n"))
"""

LOCUST_FREE = (
    "channels",
    "descriptors",
    "errors",
    "failures",
    "gevent_ready",
    "grpcio_transport",
    "json_rows",
    "reachability",
    "reflection",
    "stream_limit",
    "targets",
    "tls",
    "trace_context",
    "transport",
)


def run_python(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_unpatched_process_is_refused_with_the_remedy():
    said = run_python(UNPATCHED)
    assert "gevent has not patched socket and threading" in said
    assert "monkey.patch_all()" in said


def test_a_slow_call_holds_up_nobody_even_where_grpc_was_imported_first(probe):
    assert run_python(GRPC_FIRST, probe.host) == "{'OK'} False"


def test_processes_can_be_started_while_calls_are_under_way(probe):
    assert run_python(STARTS_PROCESSES, probe.host) == "60"


def test_the_files_that_other_packages_use_load_no_locust():
    names = LOCUST_FREE
    imports = "; ".join(f"import grpc_user.{name}" for name in names)
    assert run_python(f"import sys; {imports}; print('locust' in sys.modules)") == "False"
