"""gRPC under Locust as Locust's own documentation has it: an interceptor that fires the event.

https://docs.locust.io/en/stable/testing-other-systems.html, with grpcio's own interceptor class.
CALLS_PER_S names how many calls a user makes a second, as long as answers come in time; 0 for as
many as it can.
"""

import os
import time
from collections.abc import Callable
from typing import Any

import grpc
import grpc.experimental.gevent as grpc_gevent
from locust import User, constant, constant_throughput, task
from locust.env import Environment

from proto import spin_pb2, spin_pb2_grpc

__all__ = ["Documented"]

grpc_gevent.init_gevent()
_CALLS_PER_S = float(os.environ["CALLS_PER_S"])
_REQUEST = spin_pb2.SpinRequest(request_id="bench/0123456789", spin_us=1000)


class Firing(grpc.UnaryUnaryClientInterceptor):  # type: ignore[misc]
    """Fires `request` for each call, with the time from its start to its answer."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def intercept_unary_unary(
        self, continuation: Callable[..., Any], details: Any, request: Any
    ) -> Any:
        """Make the call and wait for its answer."""
        start_s = time.perf_counter()
        response = continuation(details, request)
        failure = response.exception()
        self._environment.events.request.fire(
            request_type="grpc",
            name=details.method,
            response_time=(time.perf_counter() - start_s) * 1000,
            response_length=0 if failure else response.result().ByteSize(),
            exception=failure,
        )
        return response


class Documented(User):
    """Calls, waits for the answer, waits for its turn, and calls again."""

    wait_time = constant_throughput(_CALLS_PER_S) if _CALLS_PER_S else constant(0)

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        channel = grpc.insecure_channel(self.host)
        self._stub = spin_pb2_grpc.SpinnerStub(grpc.intercept_channel(channel, Firing(environment)))

    @task
    def ask(self) -> None:
        """One call."""
        self._stub.Spin(_REQUEST)
