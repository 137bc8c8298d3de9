"""A service whose stubs you have not: it is asked for its own description by server reflection.

    locust --headless -f examples/without_stubs.py --host localhost:50052 --rps 20 --duration 10s

Without a locustfile of your own, `--call` and `--data` do the same: see the README beside this
file. Where the service has no reflection, `--protoset FILE` takes its place.
"""

from locust import task

from grpc_user.user import GrpcUser
from openloop import OpenLoop


class Caller(OpenLoop, GrpcUser):
    """Calls by name, with the request as JSON values."""

    @task
    def spin(self) -> None:
        reply = self.call("spin.v1.Spinner/Spin", {"spin_us": 2_000, "request_id": "by name"})
        if reply.request_id != "by name":
            raise ValueError(f"another request's reply: {reply}")
