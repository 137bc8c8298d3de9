"""A place in the pool: its line is replaced when the peer leaves or is lost."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

from grpc_user.channels import ChannelSettings
from grpc_user.engine.carried import Carried
from grpc_user.engine.line import Line
from grpc_user.engine.loop import Loop
from grpc_user.h2.connection import Connection
from grpc_user.h2.dialing import (
    CLOSED,
    CONNECT_TIMEOUT_S,
    FIRST_REST_S,
    LOST,
    NO_SETTINGS,
    connect_problem,
    encoder_for,
    longer_rest_s,
    open_stream,
)
from grpc_user.targets import Target


class Wire:
    """Carries calls over a line of its own, as `grpc_user.h2.wire.H2Wire` does in the hub.

    Calls wait for the first attempt to connect; once one has failed they fail at once, while
    attempts go on. Connecting (names, TLS) waits in a thread.

    Args:
        loop: The engine's.
        target: Where to.
        settings: TLS, authority and user agent.
        limit_changed: Told how many calls at once the server allows.
        settled: Called when an attempt has come to its end.
    """

    def __init__(
        self,
        loop: Loop,
        target: Target,
        settings: ChannelSettings,
        limit_changed: Callable[[int], None],
        settled: Callable[[], None],
    ) -> None:
        self.encoder = encoder_for(target, settings)
        self._loop = loop
        self._target = target
        self._settings = settings
        self._limit_changed = limit_changed
        self._settled = settled
        self._line: Line | None = None
        self._lines: set[Line] = set()  # those that others left may still carry calls
        self._pending: list[Carried] = []
        self._is_connecting = False
        self._is_closed = False
        self._rest_s = FIRST_REST_S
        self._last_try_s = float("-inf")
        self._problem = ""

    @property
    def is_ready(self) -> bool:
        """Whether a call may begin now."""
        return self._line is not None and self._line.connection.takes_calls

    def begin(self, call: Carried) -> None:
        """Send a call now, when there is a line, or end it where there will be none."""
        line = self._line
        if line is not None and line.connection.takes_calls:
            call.line = line
            line.connection.begin(call, call.header(self.encoder), call.body)
            return
        self.connect()
        if self._problem:
            call.finish(LOST, self._problem)
        else:
            self._pending.append(call)

    def connect(self) -> None:
        """Begin to connect, unless that is under way."""
        if self._is_connecting or self._is_closed:
            return
        self._is_connecting = True
        self._rest_s = FIRST_REST_S
        # A server that hangs up on us at once is not asked any faster than one that is down.
        self._loop.call_at(self._last_try_s + FIRST_REST_S, self._try)

    def close(self) -> None:
        """Close it; calls on it end as cancelled."""
        self._is_closed = True
        for line in list(self._lines):
            line.close(*CLOSED)
        self._end_pending(*CLOSED)

    def _try(self) -> None:
        if not self._is_closed:
            self._last_try_s = time.monotonic()
            threading.Thread(target=self._open_in_thread, daemon=True).start()

    def _open_in_thread(self) -> None:
        try:
            stream = open_stream(self._target, self._settings)
        except OSError as error:
            problem = connect_problem(self._target, error)
            self._loop.call_from_thread(lambda: self._failed(problem))
        else:
            self._loop.call_from_thread(lambda: self._opened(stream))

    def _opened(self, stream: socket.socket) -> None:
        if self._is_closed:
            stream.close()
            return
        line = Line(self._loop, stream, Connection(self._limit_changed), lambda: self._heard(line))
        self._lines.add(line)
        self._loop.call_at(time.monotonic() + CONNECT_TIMEOUT_S, lambda: self._give_up(line))

    def _give_up(self, line: Line) -> None:
        if line in self._lines and not line.connection.is_ready:
            line.close(LOST, NO_SETTINGS)

    def _heard(self, line: Line) -> None:
        """Its SETTINGS are here, or it has come to its end."""
        connection = line.connection
        if connection.broken:
            self._lines.discard(line)
            if not connection.is_ready:
                self._failed(f"failed to connect to {self._target.text}: {connection.broken}")
        elif connection.takes_calls:
            self._line, self._problem, self._is_connecting = line, "", False
            pending, self._pending = self._pending, []
            for call in pending:
                if call.status is None:
                    self.begin(call)
            self._settled()

    def _failed(self, problem: str) -> None:
        if self._is_closed:
            return
        self._problem = problem
        self._end_pending(LOST, problem)
        self._loop.call_at(time.monotonic() + self._rest_s, self._try)
        self._rest_s = longer_rest_s(self._rest_s)
        self._settled()

    def _end_pending(self, code: str, details: str) -> None:
        pending, self._pending = self._pending, []
        for call in pending:
            call.finish(code, details)
