"""Your own service with its generated stubs: several calls by weight, a stream among them.

    locust --headless -f examples/own_stubs.py --host localhost:50052 --rps 20 --duration 10s

Put the stub of your service in the place of the spin worker's. Each arrival runs one task, picked
by weight from the seed; the rate, the spacing and the records are those of every open-loop run.
"""

from locust import task

from grpc_user.user import GrpcUser
from openloop import OpenLoop
from proto import spin_pb2, spin_pb2_grpc


class Shopper(OpenLoop, GrpcUser):
    """Nine quick calls for each slow stream."""

    stub_class = spin_pb2_grpc.SpinnerStub

    @task(9)
    def look(self) -> None:
        self.stub.Spin(spin_pb2.SpinRequest(spin_us=2_000))

    @task(1)
    def buy(self) -> None:
        request = spin_pb2.SpinRequest(spin_us=6_000, replies=3)
        for _reply in self.stub.SpinStream(request, timeout=5):
            pass
