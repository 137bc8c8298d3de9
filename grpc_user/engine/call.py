"""One call of an engine."""

from __future__ import annotations

import math
from collections.abc import Callable

from grpc_user.engine.carried import Carried
from grpc_user.h2.exchange import no_more_changes
from grpc_user.h2.headers import HeaderEncoder
from grpc_user.pool import Connection


class EngineCall(Carried):
    """An arrival that is taken on, from then to its end.

    Attributes:
        k, intended_s: The arrival.
        spin_s: The work that it asks for; NaN for none.
        ends_s: Its deadline, monotonic; before it has a stream, until when it waits for one.
        sent_s: When it got a stream, monotonic; NaN before.
        place: The connection that holds its stream; None before.
        is_over: Whether its row is written.
    """

    __slots__ = (
        "_make_header",
        "_over",
        "ends_s",
        "intended_s",
        "is_over",
        "k",
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
        body, self.spin_s = request
        super().__init__(self._on_change, body)
        self.k = k
        self.intended_s = intended_s
        self.ends_s = math.inf
        self.sent_s = math.nan
        self.place: Connection | None = None
        self.is_over = False
        self._make_header = header
        self._over = ended

    def header(self, encoder: HeaderEncoder) -> bytes:
        """Its headers, as this encoder makes them."""
        return self._make_header(encoder, self.k)

    def release(self) -> None:
        """Take apart what refers to itself: no collection of garbage is needed then."""
        self.is_over = True
        self.changed = no_more_changes

    def _on_change(self) -> None:
        if self.status is not None and not self.is_over:
            self._over(self)
