"""Calls made as arrivals of a run, without an engine, and what is written down of them."""

from dataclasses import dataclass, field
from typing import Any

from locust.env import Environment

from grpc_user.config import GrpcConfig
from grpc_user.failures import classify
from grpc_user.session import open_session
from grpc_user.user import GrpcUser
from openloop.arrival import Arrival, ArrivalGreenlet, Outcome
from openloop.clock import SYSTEM_CLOCK

NOT_FACTS = {
    "received_s", "worker_queue_s", "worker_wall_s", "worker_cpu_s", "throttled_s",  # times
    "detail",  # other words for the same
    "reply_bytes",  # goes with times, and with a user agent that is quoted
}  # fmt: skip


@dataclass
class Run:
    """Users of one environment, the arrivals they serve and the events they fire."""

    environment: Environment
    epoch_s: float = field(default_factory=SYSTEM_CLOCK.monotonic_s)
    events: list[dict[str, Any]] = field(default_factory=list)
    user_errors: list[dict[str, Any]] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)

    def user(self, user_class: type[GrpcUser] | None = None) -> GrpcUser:
        """A user of this class; of the run's own where none is named."""
        return (user_class or self.environment.user_classes[0])(self.environment)

    def start(self, work, *args) -> ArrivalGreenlet:
        """Run work as the next arrival, due now."""
        now_s = SYSTEM_CLOCK.monotonic_s() - self.epoch_s
        arrival = Arrival(
            len(self.arrivals), now_s, seed=1, run_id="test-run", epoch_s=self.epoch_s
        )
        self.arrivals.append(arrival)
        greenlet = ArrivalGreenlet(work, *args)
        greenlet.arrival = arrival
        greenlet.start()
        return greenlet

    def do(self, work, *args) -> Any:
        """Run work as the next arrival, to its end."""
        return self.start(work, *args).get()

    def limit_streams(self, user: GrpcUser, limit: int) -> None:
        """Let each connection of the user carry fewer calls than its server would take.

        A server at its very limit refuses a stream now and then: it still counts the one before.
        """
        for connection in user._caller._transport.keeper.pool.connections:
            connection.stream_limit = limit

    @property
    def outcome(self):
        return self.arrivals[-1].outcome

    @property
    def failure_keys(self) -> list[str]:
        return [repr(event["exception"]) for event in self.events if event["exception"]]


def open_run(host: str, user_class: type[GrpcUser], transport_name: str, **options: str) -> Run:
    """A run against a host, with options as on the command line; `close_session` ends it."""
    environment = Environment(user_classes=[user_class])
    run = Run(environment)
    environment.events.request.add_listener(lambda **event: run.events.append(event))
    environment.events.user_error.add_listener(lambda **error: run.user_errors.append(error))
    request = {"host": host, "transport": transport_name, **options}
    open_session(environment, GrpcConfig.from_request(request))
    return run


def facts(outcome: Outcome) -> dict[str, Any]:
    """What is written down of a call that must not go with how it was made."""
    kept = {name: value for name, value in outcome._asdict().items() if name not in NOT_FACTS}
    return {
        **kept,
        "detail class": classify(outcome.code or "", outcome.detail or "").failure_class,
        "has reply": bool(outcome.reply_bytes),
        "timed": sorted(name for name in NOT_FACTS if getattr(outcome, name) is not None),
    }
