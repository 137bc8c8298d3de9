"""Opens connections before they are needed, adds some as calls pile up, renews old ones."""

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeVar

import gevent
from gevent.lock import RLock

from grpc_user.channels import CONNECT_TIMEOUT_MS, ChannelSettings
from grpc_user.errors import TransportClosedError
from grpc_user.gevent_ready import check_patched
from grpc_user.grpcio_connection import open_grpcio_connection
from grpc_user.pool import Connection, StreamPool
from grpc_user.pool_rules import HEADROOM, PoolRules, rules_for
from grpc_user.reachability import Reached, reach
from grpc_user.targets import Target

CONNECT_TIMEOUT_S = CONNECT_TIMEOUT_MS / 1000
REST_AFTER_FAILURE_S = 1.0

Given = TypeVar("Given")
Made = TypeVar("Made")


class Wire(Protocol):
    """A connection as its keeper knows it."""

    def wait_until_ready(self, timeout_s: float) -> bool:
        """Connect; whether that worked in time."""
        ...

    def close(self) -> None:
        """Close it; calls on it end as cancelled."""
        ...


LimitChanged = Callable[[int], None]
"""Told by a wire that learns how many calls its server allows at once."""

OpenWire = Callable[[Target, ChannelSettings, LimitChanged], Wire]


class ConnectionKeeper:
    """The connections of one process to the targets of a run.

    Nothing is opened before `open` or the first `take`, so that a fork in between does no harm.

    Args:
        targets: Where calls go, in turn.
        settings: What all connections have in common.
        connections: Connections to each target; None = grown by need.
        now_s: The monotonic clock.
        open_wire: Makes one connection; it connects when it is waited for or used.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        settings: ChannelSettings,
        connections: int | None,
        now_s: Callable[[], float],
        open_wire: OpenWire = open_grpcio_connection,
    ) -> None:
        self._targets = tuple(targets)
        self._open_wire = open_wire
        self._settings = settings
        self._connections = connections
        self._now_s = now_s
        self._numbers = itertools.count()
        self._busy_targets: set[int] = set()
        self._open_lock = RLock()
        self._closed = False
        self._problems: tuple[str, ...] = ()
        self._pool: StreamPool | None = None
        self._retired: set[Connection] = set()

    @property
    def pool(self) -> StreamPool:
        """The connections; opened now if they are not yet."""
        if self._pool is None:
            self.open()
        return self._pool  # type: ignore[return-value]  # open() has set it

    def open(self) -> tuple[str, ...]:
        """Reach each target, learn its stream limit and connect; a sentence for each that fails.

        Connections to a target that cannot be reached are kept: its failures are results.

        Raises:
            NotPatchedError: in a process that gevent has not patched.
            TransportClosedError: after `close`.
        """
        with self._open_lock:
            if self._closed:
                raise TransportClosedError("the connections of this run are closed")
            if self._pool is None:
                check_patched()
                reached = _all_at_once(self._reach, self._targets)
                self._pool = self._first_connections(reached)
                self._problems = tuple(one.problem for one in reached if one.problem)
        return self._problems

    def take(self, timeout_s: float | None) -> Connection:
        """A connection with a stream held on it.

        Raises:
            NoFreeStreamError: when every stream stayed taken for that long.
        """
        pool = self._pool or self.pool
        connection = pool.take_now()
        if connection is None:
            for index in range(len(self._targets)):
                self._grow(index)
            connection = pool.wait(timeout_s)
        index = connection.target_index
        if index not in self._busy_targets:
            if connection.in_flight * HEADROOM > connection.stream_limit:
                self._grow(index)
            elif self._now_s() - connection.opened_s > pool.rules[index].max_age_s:
                self._start(index, self._renew, connection)
        return connection

    def give_back(self, connection: Connection) -> None:
        """The call on it is over."""
        if self._pool is not None:
            self._pool.give_back(connection)
        if connection.retired and connection.in_flight == 0:
            self._retired.discard(connection)
            connection.wire.close()

    def close(self) -> None:
        """Close every connection; calls on them end as cancelled."""
        self._closed = True
        left = [*self._retired, *(self._pool.connections if self._pool else ())]
        self._retired.clear()
        for connection in left:
            connection.wire.close()

    def _reach(self, target: Target) -> Reached:
        return reach(target, self._settings, CONNECT_TIMEOUT_S)

    def _first_connections(self, reached: Sequence[Reached]) -> StreamPool:
        pool = StreamPool(
            tuple(rules_for(self._connections, one.stream_limit, one.addresses) for one in reached)
        )
        for index, rules in enumerate(pool.rules):
            for _ in range(rules.fewest):
                pool.add(self._make(index, rules))
        reachable = [c for c in pool.connections if not reached[c.target_index].problem]
        _all_at_once(_is_ready, reachable)
        return pool

    def _make(self, index: int, rules: PoolRules) -> Connection:
        connection = Connection(
            number=next(self._numbers),
            target_index=index,
            stream_limit=rules.stream_limit,
            wire=None,
            opened_s=self._now_s(),
        )
        limit_changed = partial(self._limit_changed, connection, rules.stream_limit)
        connection.wire = self._open_wire(self._targets[index], self._settings, limit_changed)
        return connection

    def _limit_changed(self, connection: Connection, asked: int, limit: int) -> None:
        """A server's own word outdates what it said when it was asked beforehand."""
        if self._pool is not None and connection in self._pool.connections:
            self._pool.set_limit(connection, limit)
        elif limit != asked:
            connection.stream_limit = limit

    def _grow(self, index: int) -> None:
        if index not in self._busy_targets and self.pool.missing(index) > 0:
            self._start(index, self._add_missing, index)

    def _start(self, index: int, work: Callable[..., bool], *args: object) -> None:
        """One piece of work a target at a time; after a failure the target gets a rest."""

        def run() -> None:
            worked = work(*args)
            if not worked:
                gevent.sleep(REST_AFTER_FAILURE_S)
            self._busy_targets.discard(index)

        self._busy_targets.add(index)
        gevent.spawn(run)

    def _add_missing(self, index: int) -> bool:
        missing = self.pool.missing(index)
        made = [self._make(index, self.pool.rules[index]) for _ in range(missing)]
        return all(_all_at_once(self._join_when_ready, made))

    def _join_when_ready(self, connection: Connection) -> bool:
        if _is_ready(connection) and not self._closed:
            self.pool.add(connection)
            return True
        connection.wire.close()
        return False

    def _renew(self, old: Connection) -> bool:
        fresh = self._make(old.target_index, self.pool.rules[old.target_index])
        if not _is_ready(fresh) or self._closed or old not in self.pool.connections:
            fresh.wire.close()
            return False
        self._retired.add(old)
        self.pool.replace(old, fresh)
        if old.in_flight == 0:
            self._retired.discard(old)
            old.wire.close()
        return True


def _is_ready(connection: Connection) -> bool:
    ready: bool = connection.wire.wait_until_ready(CONNECT_TIMEOUT_S)
    return ready


def _all_at_once(work: Callable[[Given], Made], items: Sequence[Given]) -> list[Made]:
    greenlets = [gevent.spawn(work, item) for item in items]
    gevent.joinall(greenlets, raise_error=True)
    return [greenlet.value for greenlet in greenlets]
