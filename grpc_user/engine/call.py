"""One call of an engine."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from grpc_user.engine.line import Line
from grpc_user.h2.exchange import Exchange
from grpc_user.h2.headers import HeaderEncoder
from grpc_user.pool import Connection


class EngineCall:
    """An arrival that is taken on, from then to its end.

    Attributes:
        k, intended_s: The arrival.
        body: The message that it sends.
        spin_s: The work that it asks for; NaN for none.
        ends_s: Its deadline, monotonic; before it has a stream, until when it waits for one.
        sent_s: When it got a stream, monotonic; NaN before.
        place: The connection that holds its stream; None before.
        line: What carries it; None before.
        exchange: What its connection sees of it.
        is_over: Whether its row is written.
    """

    __slots__ = (
        "_ended",
        "_header",
        "body",
        "ends_s",
        "exchange",
        "intended_s",
        "is_over",
        "k",
        "line",
        "place",
        "sent_s",
        "spin_s",
    )

    def __init__(
        self,
        k: int,
        intended_s: float,
        request: tuple[bytes, float],
        header: Callable[[HeaderEncoder, int], bytes],
        ended: Callable[[EngineCall], None],
    ) -> None:
        self.k = k
        self.intended_s = intended_s
        self.body, self.spin_s = request
        self.ends_s = math.inf
        self.sent_s = math.nan
        self.place: Connection | None = None
        self.line: Line | None = None
        self.is_over = False
        self.exchange = Exchange(self._changed)
        self._header = header
        self._ended = ended

    def message(self, encoder: HeaderEncoder) -> tuple[bytes, bytes]:
        """Its headers, as this encoder makes them, and its only message."""
        return self._header(encoder, self.k), self.body

    def end(self, code: str, details: str) -> None:
        """End it from our side, on the wire too."""
        if self.line is None:
            self.exchange.finish(code, details)
        else:
            self.line.event_s = time.monotonic()
            self.line.connection.cancel(self.exchange, code, details)

    def release(self) -> None:
        """Take apart what refers to itself: no collection of garbage is needed then."""
        self.is_over = True
        self.exchange.changed = _nothing

    def _changed(self) -> None:
        if self.exchange.status is not None and not self.is_over:
            self._ended(self)


def _nothing() -> None:
    """What is over changes no more."""
