"""Connections lent to calls, one stream each; a call waits in the open when none has room.

Plain counting without a clock or a network: who opens connections and waits for them to be ready is
the transport. Not for use from several OS threads; greenlets of one hub are fine.
"""

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from grpc_user.errors import NoFreeStreamError
from grpc_user.pool_rules import PoolRules


@dataclass(eq=False, slots=True)
class Connection:
    """One connection and the calls on it.

    Attributes:
        number: Counts the connections of a process; the record's `channel`.
        target_index: Which of the run's targets it leads to.
        stream_limit: Calls it carries at once.
        wire: What the transport needs to make calls on it.
        opened_s: Monotonic clock.
        in_flight: Calls on it now.
        retired: Whether a fresh connection took its place.
    """

    number: int
    target_index: int
    stream_limit: int
    wire: Any
    opened_s: float
    in_flight: int = 0
    retired: bool = False


@dataclass(eq=False, slots=True)
class _Waiter:
    ready: threading.Event = field(default_factory=threading.Event)
    connection: Connection | None = None


class StreamPool:
    """All connections of a process, in one ring: each call takes the next one with room."""

    def __init__(self, rules: tuple[PoolRules, ...]) -> None:
        self.rules = rules
        self.connections: list[Connection] = []
        self.waited = 0
        self._cursor = 0
        self._waiters: deque[_Waiter] = deque()

    @property
    def in_flight(self) -> int:
        """Calls on the connections of the ring."""
        return sum(connection.in_flight for connection in self.connections)

    def no_room(self, timeout_s: float | None) -> str:
        """Why a call got no stream within its deadline."""
        limits = sum(connection.stream_limit for connection in self.connections)
        return (
            f"no free stream within {timeout_s:g} s: {len(self.connections)} connections, "
            f"{limits} streams in all"
        )

    def missing(self, target_index: int, waiting: int | None = None) -> int:
        """How many connections the target lacks for the calls in flight and waiting.

        Args:
            target_index: The target.
            waiting: Calls without a stream, to whatever target; None for those that wait here.
        """
        mine = [c for c in self.connections if c.target_index == target_index]
        waiting = len(self._waiters) if waiting is None else waiting
        share = -(-waiting // len(self.rules))
        busy = sum(connection.in_flight for connection in mine) + share
        return self.rules[target_index].wanted(busy) - len(mine)

    def add(self, connection: Connection) -> None:
        """Put a connection into the ring, beside those to other targets, and serve who waits."""
        self.connections = in_ring_order([*self.connections, connection])
        while self._waiters and connection.in_flight < connection.stream_limit:
            self._hand_over(connection)

    def replace(self, old: Connection, new: Connection) -> None:
        """Give the old one's place to a fresh connection; calls on the old one go on."""
        old.retired = True
        self.connections.remove(old)
        self.add(new)

    def set_limit(self, connection: Connection, stream_limit: int) -> None:
        """The server allows another number of calls from now on; serve who waits."""
        connection.stream_limit = stream_limit
        while self._waiters and connection.in_flight < connection.stream_limit:
            self._hand_over(connection)

    def take_now(self) -> Connection | None:
        """A connection with a stream held on it; None when all are full or others wait."""
        if self._waiters:
            return None
        connections = self.connections
        count = len(connections)
        for place in range(self._cursor, self._cursor + count):
            connection = connections[place % count]
            if connection.in_flight < connection.stream_limit:
                self._cursor = place % count + 1
                connection.in_flight += 1
                return connection
        return None

    def wait(self, timeout_s: float | None) -> Connection:
        """As `take_now`, but wait for a stream to become free: first come, first served.

        Raises:
            NoFreeStreamError: when none became free in time.
        """
        self.waited += 1
        waiter = _Waiter()
        self._waiters.append(waiter)
        try:
            waiter.ready.wait(timeout_s)
        except BaseException:
            # Killed while waiting: a stream handed over meanwhile must not be lost.
            self._withdraw(waiter)
            raise
        if waiter.connection is None:
            self._waiters.remove(waiter)
            raise NoFreeStreamError(self.no_room(timeout_s))
        return waiter.connection

    def give_back(self, connection: Connection) -> None:
        """End one call on the connection; the stream goes to who waits longest."""
        connection.in_flight -= 1
        has_room = connection.in_flight < connection.stream_limit
        if self._waiters and has_room and not connection.retired:
            self._hand_over(connection)

    def _hand_over(self, connection: Connection) -> None:
        waiter = self._waiters.popleft()
        connection.in_flight += 1
        waiter.connection = connection
        waiter.ready.set()

    def _withdraw(self, waiter: _Waiter) -> None:
        if waiter.connection is not None:
            self.give_back(waiter.connection)
        else:
            self._waiters.remove(waiter)


def in_ring_order(connections: Sequence[Connection]) -> list[Connection]:
    """The targets in turn: each one's first connection, then each one's second, and so on."""
    placed: Counter[int] = Counter()
    places = []
    for connection in sorted(connections, key=lambda c: c.number):
        places.append((placed[connection.target_index], connection.target_index, connection))
        placed[connection.target_index] += 1
    return [connection for _, _, connection in sorted(places, key=lambda place: place[:2])]
