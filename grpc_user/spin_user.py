"""`SpinUser`: the user of the spin service, and of `--call`."""

from __future__ import annotations

from typing import Any

from locust import task

from grpc_user.embedded_workers import embedded_host
from grpc_user.session import GrpcSession
from grpc_user.spin_figures import spin_figures
from grpc_user.user import GrpcUser
from openloop.arrival import Arrival, current_arrival
from openloop.user import OpenLoop
from proto import spin_pb2, spin_pb2_grpc

MICROSECONDS = 1_000_000
HARMLESS = frozenset({"abstract", "fixed_count", "host", "weight"})
"""What a subclass may set without its calls being others."""


class SpinUser(OpenLoop, GrpcUser):  # type: ignore[misc]  # OpenLoop overrides the final run()
    """Asks a spin worker for `--spin` of CPU time, or makes `--call` where that is given.

    Without `--host` its calls go to spin workers of its own on this machine.
    """

    has_embedded_target = True
    stub_class = spin_pb2_grpc.SpinnerStub

    @task
    def send(self) -> None:
        """One arrival."""
        if self._session.config.call:
            self.send_planned_call()
        else:
            self.spin()

    def spin(self) -> None:
        """Call the spin service."""
        arrival = current_arrival()
        spin_s = self._spin_s(arrival)
        self.stub.Spin(
            spin_pb2.SpinRequest(
                request_id="" if arrival is None else f"{arrival.run_id}/{arrival.k}",
                spin_us=round(spin_s * MICROSECONDS),
            )
        )

    def reply_figures(self, reply: Any) -> dict[str, Any]:
        """What the worker says of itself and of this call."""
        return spin_figures(reply) if isinstance(reply, spin_pb2.SpinReply) else {}

    @classmethod
    def target_host(cls, environment: Any, session: GrpcSession) -> str:
        """As any gRPC user's; without a host, workers of our own."""
        return super().target_host(environment, session) or embedded_host(environment)

    @classmethod
    def why_not_from_engine(cls) -> str:
        """A subclass may say where calls go and what share of arrivals it has, no more."""
        base, heirs = SpinUser, cls.__mro__[: cls.__mro__.index(SpinUser)]
        own = {name for heir in heirs for name in vars(heir) if not name.startswith("__")}
        changed = sorted(
            name for name in own - HARMLESS if getattr(cls, name) != getattr(base, name, None)
        )
        return f"{cls.__name__} has its own {changed[0]}" if changed else ""

    def _spin_s(self, arrival: Arrival | None) -> float:
        if arrival is None:
            return self._session.config.spin_s
        if arrival.spin_s is None:
            planned_s = arrival.planned_spin_s
            arrival.spin_s = self._session.config.spin_s if planned_s is None else planned_s
        return arrival.spin_s
