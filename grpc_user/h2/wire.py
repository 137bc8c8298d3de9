"""One connection to a target, made again when it is lost: what a call gets its session from."""

import time
from collections.abc import Callable

import gevent
from gevent.event import Event

from grpc_user.channels import ChannelSettings
from grpc_user.errors import NotConnectedError
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
from grpc_user.h2.session import Session
from grpc_user.h2.status import DEADLINE
from grpc_user.targets import Target


class H2Wire:
    """A place in the pool: its session is replaced when the peer leaves or is lost.

    As with grpcio's channels, calls wait for the first attempt to connect; once one has failed they
    fail at once, while attempts go on.

    Args:
        target: Where to.
        settings: TLS, authority and user agent.
        limit_changed: Told how many calls at once the server allows.

    Attributes:
        encoder: Makes the headers of calls.
    """

    def __init__(
        self, target: Target, settings: ChannelSettings, limit_changed: Callable[[int], None]
    ) -> None:
        self._target = target
        self._settings = settings
        self._limit_changed = limit_changed
        self._session: Session | None = None
        self._sessions: set[Session] = set()  # those that others left may still carry calls
        self._attempt = Event()
        self._connecting: gevent.Greenlet | None = None
        self._last_try_s = float("-inf")
        self._problem = ""
        self._is_closed = False
        self.encoder = encoder_for(target, settings)

    def session(self, timeout_s: float | None, *, wait_for_ready: bool) -> Session:
        """A session that takes calls.

        Raises:
            NotConnectedError: when there is none, or none in time.
        """
        return self.ready_session() or self._wait_for_session(
            timeout_s, wait_for_ready=wait_for_ready
        )

    def ready_session(self) -> Session | None:
        """A session that takes calls now, if there is one."""
        session = self._session
        return session if session is not None and session.connection.takes_calls else None

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Connect; whether that worked in time."""
        try:
            self.session(timeout_s, wait_for_ready=True)
        except NotConnectedError:
            return False
        return True

    def close(self) -> None:
        """Close it; calls on it end as cancelled."""
        self._is_closed = True
        if self._connecting is not None:
            self._connecting.kill(block=False)
        for session in list(self._sessions):
            session.close(*CLOSED)
        self._sessions.clear()
        self._attempt.set()

    def _wait_for_session(self, timeout_s: float | None, *, wait_for_ready: bool) -> Session:
        ends_s = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            if self._is_closed:
                raise NotConnectedError(*CLOSED)
            self._start_connecting()
            if self._problem and not wait_for_ready:
                raise NotConnectedError(LOST, self._problem)
            left_s = None if ends_s is None else max(0.0, ends_s - time.monotonic())
            if not self._attempt.wait(left_s):
                raise NotConnectedError(*DEADLINE)
            session = self.ready_session()
            if session is not None:
                return session

    def _start_connecting(self) -> None:
        if self._connecting is None:
            self._attempt = Event()
            self._connecting = gevent.spawn(self._connect)

    def _connect(self) -> None:
        rest_s = FIRST_REST_S
        # A server that hangs up on us at once is not asked any faster than one that is down.
        gevent.sleep(max(0.0, self._last_try_s + rest_s - time.monotonic()))
        while not self._try_once():
            self._told()
            gevent.sleep(rest_s)
            rest_s = longer_rest_s(rest_s)
        self._connecting = None
        self._told()

    def _told(self) -> None:
        attempt, self._attempt = self._attempt, Event()
        attempt.set()

    def _try_once(self) -> bool:
        self._last_try_s = time.monotonic()
        try:
            stream = open_stream(self._target, self._settings)
        except OSError as error:
            self._problem = connect_problem(self._target, error)
            return False
        session = Session(stream, Connection(self._limit_changed))
        if not session.wait_until_ready(CONNECT_TIMEOUT_S):
            why = session.connection.broken or NO_SETTINGS
            self._problem = f"failed to connect to {self._target.text}: {why}"
            session.close(LOST, self._problem)
            return False
        self._problem = ""
        self._sessions = {one for one in self._sessions if not one.connection.broken}
        self._sessions.add(session)
        self._session = session
        return True
