"""Calls before the run, one after another: what `--call` needs to know of the target."""

from __future__ import annotations

import time
from collections.abc import Iterator

from grpc_user.engine.carried import Carried
from grpc_user.engine.loop import Loop
from grpc_user.engine.wires import Wires
from grpc_user.h2.headers import HeaderEncoder
from grpc_user.h2.status import CANCELLED, DEADLINE
from grpc_user.transport import CallSpec, Ending, SentListener


class Asking:
    """Begins calls and turns the loop while their replies are waited for (`Streams`).

    Args:
        loop: The engine's.
        wires: What carries the calls.
    """

    def __init__(self, loop: Loop, wires: Wires) -> None:
        self._loop = loop
        self._wires = wires

    def stream(
        self, spec: CallSpec, request: bytes | Iterator[bytes], sent: SentListener
    ) -> Question:
        """Begin a call with a single request."""
        body = request if isinstance(request, bytes) else next(request)
        question = Question(self._loop, spec, body)
        now_s = time.monotonic()
        place = self._wires.take(now_s)
        if place is None:
            question.finish(*DEADLINE)
            return question
        sent(now_s, place.number)
        place.wire.begin(question)
        self._wires.give_back(place)
        return question


class Question(Carried):
    """One call under way (`ReplyStream`, and what a wire carries).

    Args:
        loop: The engine's.
        spec: What is called.
        body: The request.
    """

    __slots__ = ("_ends_s", "_loop", "_spec")

    def __init__(self, loop: Loop, spec: CallSpec, body: bytes) -> None:
        super().__init__(lambda: None, body, tells_messages=True)
        self._loop = loop
        self._spec = spec
        self._ends_s = time.monotonic() + (spec.timeout_s or 0.0)

    def header(self, encoder: HeaderEncoder) -> bytes:
        """Its headers."""
        spec = self._spec
        return encoder.block(spec.path, spec.timeout_s, spec.metadata)

    def next_body(self) -> bytes | None:
        """The next reply; None when there are no more."""
        self._loop.run_until(lambda: bool(self.messages) or self.status is not None, self._ends_s)
        if not self.messages or self.line is None:
            return None
        return self.line.connection.take_message(self)

    def ending(self) -> Ending:
        """The final status."""
        self.end(*DEADLINE)
        code, details = self.status or DEADLINE
        return Ending(code, details, time.monotonic())

    def cancel(self) -> None:
        """End the call on the wire."""
        self.end(*CANCELLED)
