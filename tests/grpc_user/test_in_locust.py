"""A plain closed-loop Locust run, as written by someone who needs gRPC and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

LOCUSTFILE = """
from locust import constant, task

from grpc_user.user import GrpcUser
from tests.grpc_user import probe_pb2, probe_pb2_grpc


class ClosedLoop(GrpcUser):
    stub_class = probe_pb2_grpc.ProbeStub
    wait_time = constant(0.05)

    @task
    def good(self):
        self.stub.One(probe_pb2.Ask(text="hello"))

    @task
    def bad(self):
        self.stub.One(probe_pb2.Ask(code=14, details=f"detail {id(self)}"), name="bad")
        raise AssertionError("a failed call ends its task")
"""


@pytest.fixture
def locust(tmp_path):
    """Runs Locust from a folder of its own."""
    path = tmp_path / "locustfile.py"
    path.write_text(LOCUSTFILE, encoding="utf-8")

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "locust", "-f", path, "--headless", "--json", *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def test_a_closed_loop_run_counts_and_names_its_failures_quietly(locust, probe):
    done = locust("--host", probe.host, "-u", "4", "-r", "4", "-t", "2s")
    stats = {row["name"]: row for row in json.loads(done.stdout[done.stdout.index("[") :])}
    assert stats["/probe.v1.Probe/One"]["num_failures"] == 0
    assert stats["/probe.v1.Probe/One"]["num_requests"] > 0
    assert stats["bad"]["num_failures"] == stats["bad"]["num_requests"] > 0
    assert "Traceback" not in done.stderr
    assert "UNAVAILABLE: app" in done.stderr
    assert "CANCELLED" not in done.stderr
    assert "detail 1" not in done.stderr


def test_a_wrong_option_ends_with_code_2(locust):
    done = locust("--host", "localhost:1", "--grpc-timeout", "soon")
    assert done.returncode == 2
    assert "--grpc-timeout" in done.stderr
