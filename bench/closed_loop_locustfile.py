"""Locust as documented: each user waits for its answer before it asks again.

Writes the latencies that it believes in (seconds, one a line) to the file that LATENCIES names.
"""

import os
from pathlib import Path

from locust import constant_throughput, events, task

from grpc_user.user import GrpcUser
from proto import spin_pb2, spin_pb2_grpc

__all__ = ["Patient"]

latencies_ms: list[float] = []


class Patient(GrpcUser):
    """20 requests per second and user, as long as answers come in time."""

    stub_class = spin_pb2_grpc.SpinnerStub
    wait_time = constant_throughput(20)

    @task
    def ask(self) -> None:
        """One call."""
        self.stub.Spin(spin_pb2.SpinRequest(spin_us=1000))


@events.request.add_listener
def keep(response_time: float, **_: object) -> None:
    """Keep the latency as Locust has it: from the call to its answer."""
    latencies_ms.append(response_time)


@events.quit.add_listener
def write(**_: object) -> None:
    """Write what was kept."""
    lines = "".join(f"{latency / 1e3:.6f}\n" for latency in latencies_ms)
    Path(os.environ["LATENCIES"]).write_text(lines, encoding="utf-8")
