"""The same gRPC user closed-loop, as Locust's own users are: each waits for its answer.

    locust --headless -f examples/closed_loop.py --host localhost:50052 -u 5 -r 5 -t 10s

Good for sessions of people who think between calls. Not a measure of a service under load: when it
slows, so do its users, and the load with them. That is what `OpenLoop` is for.
"""

from locust import constant, task

from grpc_user.user import GrpcUser
from proto import spin_pb2, spin_pb2_grpc


class Visitor(GrpcUser):
    """Calls, thinks for a tenth of a second, calls again."""

    stub_class = spin_pb2_grpc.SpinnerStub
    wait_time = constant(0.1)

    @task
    def spin(self) -> None:
        self.stub.Spin(spin_pb2.SpinRequest(spin_us=2_000))
