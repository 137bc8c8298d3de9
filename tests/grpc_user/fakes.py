"""Stand-ins: a clock moved by hand, a transport that follows a script, a Locust environment."""

from dataclasses import dataclass, field
from typing import Any

from grpc_user.transport import CallSpec, Ending, SentListener


class FakeClock:
    def __init__(self, now_s: float = 100.0) -> None:
        self.now_s = now_s

    def monotonic_s(self) -> float:
        return self.now_s

    def unix_s(self) -> float:
        return self.now_s + 1_000_000.0

    def cpu_s(self) -> float:
        return 0.0


@dataclass
class ScriptedTransport:
    """Each call takes `service_s` after waiting `wait_s` for its stream, and ends as told."""

    clock: FakeClock
    code: str = "OK"
    details: str = ""
    body: bytes = b""
    bodies: tuple[bytes, ...] = ()
    wait_s: float = 0.0
    service_s: float = 0.050
    raises: BaseException | None = None
    waited_out: bool = False
    specs: list[CallSpec] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    cancelled: int = 0
    closed: bool = False

    def open(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        self.closed = True

    def call(self, spec: CallSpec, request: Any, sent: SentListener) -> Ending:
        self._begin(spec, request, sent)
        self.clock.now_s += self.service_s
        if self.raises is not None:
            raise self.raises
        return self.ending()

    def stream(self, spec: CallSpec, request: Any, sent: SentListener) -> "ScriptedStream":
        self._begin(spec, request, sent)
        return ScriptedStream(self, list(self.bodies))

    def ending(self) -> Ending:
        body = self.body if self.code == "OK" else None
        return Ending(
            self.code, self.details, self.clock.now_s, body=body, waited_out=self.waited_out
        )

    def _begin(self, spec: CallSpec, request: Any, sent: SentListener) -> None:
        self.specs.append(spec)
        self.requests.append(request if isinstance(request, bytes) else list(request))
        self.clock.now_s += self.wait_s
        if not self.waited_out:
            sent(self.clock.now_s, 7)


class ScriptedStream:
    def __init__(self, transport: ScriptedTransport, bodies: list[bytes]) -> None:
        self._transport = transport
        self._bodies = bodies

    def next_body(self) -> bytes | None:
        self._transport.clock.now_s += self._transport.service_s
        if self._bodies:
            return self._bodies.pop(0)
        if self._transport.raises is not None:
            raise self._transport.raises
        return None

    def ending(self) -> Ending:
        return self._transport.ending()

    def cancel(self) -> None:
        self._transport.cancelled += 1
