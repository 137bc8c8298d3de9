import subprocess
import sys
from pathlib import Path

import pytest

import proto
from proto import spin_pb2

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ("spin_pb2.py", "spin_pb2.pyi", "spin_pb2_grpc.py")


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("generated")
    kinds = [f"--{kind}_out={out}" for kind in ("python", "pyi", "grpc_python")]
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I.", *kinds, "proto/spin.proto"]
    subprocess.run(command, cwd=ROOT, check=True)
    return out / "proto"


@pytest.mark.parametrize("name", GENERATED)
def test_generated_code_is_that_of_the_contract(regenerated, name):
    assert (ROOT / "proto" / name).read_text() == (regenerated / name).read_text()


def test_the_package_named_proto_is_ours():
    assert Path(proto.__file__) == ROOT / "proto" / "__init__.py"


def test_the_service_has_two_calls():
    methods = spin_pb2.DESCRIPTOR.services_by_name["Spinner"].methods
    kinds = {m.name: (m.client_streaming, m.server_streaming) for m in methods}
    assert kinds == {"Spin": (False, False), "SpinStream": (False, True)}


def test_a_request_that_says_nothing_asks_for_a_cpu_spin():
    assert spin_pb2.SpinRequest().mode == spin_pb2.SpinRequest.CPU
