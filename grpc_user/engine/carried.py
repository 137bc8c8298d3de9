"""A call as the wire knows that carries it."""

from __future__ import annotations

import time
from collections.abc import Callable

from grpc_user.engine.line import Line
from grpc_user.h2.exchange import Exchange
from grpc_user.h2.headers import HeaderEncoder


class Carried(Exchange):
    """A call with a single request.

    Args:
        changed: As an exchange's.
        body: The request.
        tells_messages: As an exchange's.

    Attributes:
        line: What carries it; None before.
    """

    __slots__ = ("body", "line")

    def __init__(
        self, changed: Callable[[], None], body: bytes, *, tells_messages: bool = False
    ) -> None:
        super().__init__(changed, tells_messages=tells_messages)
        self.body = body
        self.line: Line | None = None

    def header(self, encoder: HeaderEncoder) -> bytes:
        """Its headers, as this encoder makes them."""
        raise NotImplementedError

    def end(self, code: str, details: str) -> None:
        """End it from our side, on the wire too; harmless when it is over."""
        if self.line is None:
            self.finish(code, details)
        else:
            self.line.event_s = time.monotonic()
            self.line.connection.cancel(self, code, details)
