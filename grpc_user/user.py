"""`GrpcUser`: a Locust user whose gRPC calls are timed and reported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from locust import User
from locust.runners import STATE_CLEANUP, STATE_STOPPED, STATE_STOPPING

from grpc_user.caller import CallDefaults, Caller, Code, code_names
from grpc_user.option_values import parse_call_path
from grpc_user.plugin import install
from grpc_user.session import GrpcSession, session_of
from grpc_user.stub_channel import StubChannel
from grpc_user.stub_methods import callable_for
from openloop.arrival import current_arrival
from openloop.clock import SYSTEM_CLOCK
from openloop.plugin import install as install_open_loop

ENDING_STATES = (STATE_CLEANUP, STATE_STOPPING, STATE_STOPPED)


class GrpcUser(User):
    """For any gRPC service, open-loop (`class MyUser(OpenLoop, GrpcUser)`) or closed-loop.

    Generated stubs work unchanged, with all four kinds of call:

        class MyUser(OpenLoop, GrpcUser):
            stub_class = greeter_pb2_grpc.GreeterStub

            @task
            def greet(self):
                self.stub.Greet(greeter_pb2.Hello(name="you"))

    Each call fires one request event; a failed one ends its task (see `CallFailed`). A call that is
    killed is a failure too, but for those that Locust kills closed-loop when it ends its users.

    Attributes:
        stub: An instance of `stub_class`.
        grpc: The channel that stubs are built on; for further stubs `OtherStub(self.grpc)`.
    """

    abstract = True
    stub_class: Any = None
    """The generated stub that `self.stub` is made from."""
    timeout_s: float | None = None
    """The deadline of calls that name none; None = `--grpc-timeout`."""
    ok_codes: Collection[Code] = ()
    """Codes that count as success beside OK, as grpc.StatusCode or by name."""
    has_embedded_target = False
    """Whether the class brings a target of its own where no host is given."""
    report_messages = False
    """Whether each message of a stream after its first is an event (`NAME [msg]`, the gap)."""

    stub: Any

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # On the class itself, for OpenLoop before us says otherwise: our calls say when they left.
        cls.marks_sent = True

    marks_sent = True

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self._session = session_of(environment)
        self._target_host = self.target_host(environment, self._session)
        self._caller = self._new_caller(self._session)
        self.grpc = StubChannel(self._caller)
        if self.stub_class is not None:
            self.stub = self.stub_class(self.grpc)

    def call_metadata(self) -> Iterable[tuple[str, str | bytes]]:
        """Metadata that may differ from call to call; override it."""
        return ()

    def reply_figures(self, reply: Any) -> dict[str, Any]:  # noqa: ARG002 - messages of any type
        """What a reply says of the worker that made it, as fields of `Outcome`; override it."""
        return {}

    def call(self, path: str, data: Any = None, **options: Any) -> Any:
        """Call "package.Service/Method" without generated code.

        Args:
            path: The method; what its messages are is asked of the target (or `--protoset`) once.
            data: The request as JSON values; a list of them for a stream of requests.
            options: What calls through a stub take.

        Returns:
            What a stub would: the reply, or the stream of replies.

        Raises:
            DescriptorError: when the method is not known or the data does not fit it.
            CallFailed: when the call failed.
        """
        method = self._session.method(self._target_host, parse_call_path(path))
        return callable_for(self._caller, method)({} if data is None else data, **options)

    def send_planned_call(self) -> None:
        """Make `--call` with the row of `--data` that this arrival takes, and read all replies."""
        arrival = current_arrival()
        prepared = self._session.json_call(self._target_host)
        seed, k = (arrival.seed, arrival.k) if arrival else (0, next(self._session.sent_rows))
        replies = callable_for(self._caller, prepared.method)(prepared.request(seed, k))
        if prepared.method.streams_replies:
            for _ in replies:
                pass

    def is_ending(self) -> bool:
        """Whether Locust is ending its users."""
        runner = self.environment.runner
        return runner is not None and runner.state in ENDING_STATES

    @contextmanager
    def rename_calls(self, name: str) -> Iterator[None]:
        """Report the calls made within under another name."""
        before, self._caller.renamed = self._caller.renamed, name
        try:
            yield
        finally:
            self._caller.renamed = before

    @classmethod
    def target_host(cls, environment: Any, session: GrpcSession) -> str:  # noqa: ARG003 - locust.env.Environment; for subclasses
        """Where this class's calls go: `--host`, else the class's own `host`, else ""."""
        return session.config.host or cls.host or ""

    @classmethod
    def why_not_from_engine(cls) -> str:
        """Why `--engine process` cannot make its calls; "" when it can."""
        return f"{cls.__name__} has tasks of its own"

    def _new_caller(self, session: GrpcSession) -> Caller:
        config = session.config
        return Caller(
            self,
            session.transport(self._target_host),
            CallDefaults(
                timeout_s=self.timeout_s or config.timeout_s,
                metadata=config.metadata,
                ok_codes=code_names(self.ok_codes),
            ),
            fire=self.environment.events.request.fire,
            clock=SYSTEM_CLOCK,
        )


install_open_loop()
install()
