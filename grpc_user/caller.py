"""What every call of one user begins with: its name, deadline, metadata and report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import grpc

from grpc_user.call_report import CallReport, Figures, FireEvent
from grpc_user.method import Method
from grpc_user.trace_context import HEADER, traceparent
from grpc_user.transport import CallSpec, Metadata, Transport
from openloop.arrival import Arrival, current_arrival
from openloop.clock import Clock

Code = grpc.StatusCode | str


class CallOptions(NamedTuple):
    """What a call may say of itself, beside its timeout.

    Attributes:
        metadata, credentials, wait_for_ready, compression: As in grpc.
        name: The entry in Locust's tables in place of the method's path.
        context: Added to the context of the request event.
        ok_codes: Codes that count as success beside OK, as grpc.StatusCode or by name.
    """

    metadata: Iterable[tuple[str, str | bytes]] | None = None
    credentials: Any = None
    wait_for_ready: bool | None = None
    compression: Any = None
    name: str | None = None
    context: Mapping[str, Any] | None = None
    ok_codes: Collection[Code] = ()


NO_OPTIONS = CallOptions()


@dataclass(frozen=True)
class CallDefaults:
    """What a user's calls have in common.

    Attributes:
        timeout_s: The deadline of a call that names none.
        metadata: Sent with every call.
        ok_codes: Names of the codes that count as success beside OK.
    """

    timeout_s: float
    metadata: Metadata = ()
    ok_codes: frozenset[str] = frozenset()


class CallingUser(Protocol):
    """What a caller asks its user, at each call."""

    report_messages: bool

    def context(self) -> dict[str, Any]:
        """Locust's request context."""
        ...

    def call_metadata(self) -> Iterable[tuple[str, str | bytes]]:
        """Metadata that may differ from call to call."""
        ...

    def is_ending(self) -> bool:
        """Whether Locust is ending its users."""
        ...

    def reply_figures(self, reply: Any) -> Figures:
        """What a reply says of the worker that made it."""
        ...


class Caller:
    """Begins the calls of one user.

    Args:
        user: Asked for what may change from call to call.
        transport: Makes the calls.
        defaults: What does not change.
        fire: Fires Locust's request event.
        clock: Where time comes from.
    """

    def __init__(
        self,
        user: CallingUser,
        transport: Transport,
        defaults: CallDefaults,
        fire: FireEvent,
        clock: Clock,
    ) -> None:
        self._user = user
        self._transport = transport
        self._defaults = defaults
        self._fire = fire
        self._clock = clock
        self.now_s = clock.monotonic_s
        self.renamed: str | None = None

    @property
    def report_messages(self) -> bool:
        """Whether each message of a stream is an event of its own."""
        return self._user.report_messages

    def begin(
        self, method: Method, timeout_s: float | None, given: Mapping[str, Any]
    ) -> tuple[Transport, CallSpec, CallReport]:
        """All that the call needs but its messages.

        Args:
            method: What is called.
            timeout_s: The call's own deadline, if it has one.
            given: Fields of `CallOptions`.
        """
        options = CallOptions(**given) if given else NO_OPTIONS
        arrival = current_arrival()
        report = CallReport(
            options.name or self.renamed or method.path,
            arrival,
            fire=self._fire,
            figures_of=self._user.reply_figures,
            clock=self._clock,
            context={**self._user.context(), **(options.context or {})},
            ok_codes=self._ok_codes(options.ok_codes),
            is_ending=self._user.is_ending,
        )
        return self._transport, self._spec(method, timeout_s, options, arrival), report

    def _spec(
        self,
        method: Method,
        timeout_s: float | None,
        options: CallOptions,
        arrival: Arrival | None,
    ) -> CallSpec:
        return CallSpec(
            method.path,
            method.streams_requests,
            method.streams_replies,
            self._defaults.timeout_s if timeout_s is None else timeout_s,
            metadata=self._metadata(options, arrival),
            wait_for_ready=options.wait_for_ready,
            credentials=options.credentials,
            compression=options.compression,
        )

    def _metadata(self, options: CallOptions, arrival: Arrival | None) -> Metadata:
        own = (*self._defaults.metadata, *self._user.call_metadata(), *(options.metadata or ()))
        if arrival is None or (own and any(name == HEADER for name, _ in own)):
            return own
        return (*own, (HEADER, traceparent(arrival.run_id, arrival.k)))

    def _ok_codes(self, own: Collection[Code]) -> Collection[str]:
        if not own:
            return self._defaults.ok_codes
        return self._defaults.ok_codes | code_names(own)


def code_names(codes: Collection[Code]) -> frozenset[str]:
    """Codes by their names.

    Raises:
        KeyError: for a name that gRPC does not have.
    """
    return frozenset(
        grpc.StatusCode[code].name if isinstance(code, str) else code.name for code in codes
    )
