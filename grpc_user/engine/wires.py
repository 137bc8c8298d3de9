"""The engine's connections: opened ahead, some added as calls pile up, old ones renewed.

The rules are those of the hub (`grpc_user.connection_keeper`), without anybody who waits.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from grpc_user.channels import ChannelSettings
from grpc_user.engine.loop import Loop
from grpc_user.engine.wire import Wire
from grpc_user.h2.dialing import CONNECT_TIMEOUT_S
from grpc_user.pool import Connection, StreamPool
from grpc_user.pool_rules import CONNECTION_AGE_S, HEADROOM, PoolRules, rules_for
from grpc_user.reachability import Reached, reach
from grpc_user.targets import Target

REST_AFTER_FAILURE_S = 1.0


@dataclass(frozen=True)
class Addressed:
    """Where an engine's connections lead.

    Attributes:
        targets: Where calls go, in turn.
        settings: What all connections have in common.
        connections: Connections to each target; None = grown by need.
    """

    targets: Sequence[Target]
    settings: ChannelSettings
    connections: int | None


class Wires:
    """The connections of one engine process.

    Args:
        loop: The engine's.
        addressed: Where to.
        has_room: Called when a stream has become free otherwise than by `give_back`.
    """

    def __init__(self, loop: Loop, addressed: Addressed, has_room: Callable[[], None]) -> None:
        self._loop = loop
        self._addressed = addressed
        self._has_room = has_room
        self._numbers = itertools.count()
        self._being_made: Counter[int] = Counter()  # by target, or resting after a failure
        self._retired: set[Connection] = set()
        self.pool = StreamPool(())

    def open(self) -> tuple[str, ...]:
        """Reach each target, learn its stream limit and connect; a sentence for each that fails."""
        targets = self._addressed.targets
        with ThreadPoolExecutor(len(targets)) as threads:
            reached = list(threads.map(self._reach, targets))
        connections = self._addressed.connections
        self.pool = StreamPool(
            tuple(rules_for(connections, one.stream_limit, one.addresses) for one in reached)
        )
        for index, rules in enumerate(self.pool.rules):
            for _ in range(rules.fewest):
                self.pool.add(self._make(index, rules))
        wires = [c.wire for c in self.pool.connections if not reached[c.target_index].problem]
        ends_s = time.monotonic() + CONNECT_TIMEOUT_S
        self._loop.run_until(lambda: all(wire.is_ready for wire in wires), ends_s)
        return tuple(one.problem for one in reached if one.problem)

    def take(self, now_s: float) -> Connection | None:
        """A connection with a stream held on it, at this monotonic time; None when all are full."""
        connection = self.pool.take_now()
        if connection is not None and (
            now_s - connection.opened_s > CONNECTION_AGE_S
            or connection.in_flight * HEADROOM > connection.stream_limit
        ):
            self._tend(connection, now_s)
        return connection

    def give_back(self, connection: Connection) -> None:
        """The call on it is over."""
        self.pool.give_back(connection)
        if connection.retired and connection.in_flight == 0:
            self._close(connection)

    def grow(self, waiting: int) -> None:
        """So many calls have no stream: open what the rules want for them."""
        for index in range(len(self.pool.rules)):
            if not self._being_made[index]:
                self._add_missing(index, waiting)

    def close(self) -> None:
        """Close every connection; calls on them end as cancelled."""
        for connection in [*self._retired, *self.pool.connections]:
            connection.wire.close()

    def _reach(self, target: Target) -> Reached:
        return reach(target, self._addressed.settings, CONNECT_TIMEOUT_S)

    def _make(
        self, index: int, rules: PoolRules, settled: Callable[[], None] = lambda: None
    ) -> Connection:
        connection = Connection(
            number=next(self._numbers),
            target_index=index,
            stream_limit=rules.stream_limit,
            wire=None,
            opened_s=time.monotonic(),
        )
        limit_changed = partial(self._limit_changed, connection, rules.stream_limit)
        addressed = self._addressed
        connection.wire = Wire(
            self._loop, addressed.targets[index], addressed.settings, limit_changed, settled
        )
        connection.wire.connect()
        return connection

    def _limit_changed(self, connection: Connection, asked: int, limit: int) -> None:
        """A server's own word outdates what it said when it was asked beforehand."""
        if connection in self.pool.connections:
            self.pool.set_limit(connection, limit)
            self._has_room()
        elif limit != asked:
            connection.stream_limit = limit

    def _tend(self, connection: Connection, now_s: float) -> None:
        index = connection.target_index
        if self._being_made[index]:
            return
        if connection.in_flight * HEADROOM > connection.stream_limit:
            self._add_missing(index, 0)
        elif now_s - connection.opened_s > self.pool.rules[index].max_age_s:
            self._make_when_ready(index, lambda fresh: self._replace(connection, fresh))

    def _add_missing(self, index: int, waiting: int) -> None:
        for _ in range(self.pool.missing(index, waiting)):
            self._make_when_ready(index, self.pool.add)

    def _make_when_ready(self, index: int, put: Callable[[Connection], None]) -> None:
        """A fresh connection is put to use once it is ready; if it fails the target gets a rest."""
        self._being_made[index] += 1

        def settled() -> None:
            if fresh in self.pool.connections or fresh in self._retired:
                return
            if fresh.wire.is_ready:
                put(fresh)
                self._made(index)
                self._has_room()
            else:
                fresh.wire.close()
                rested_s = time.monotonic() + REST_AFTER_FAILURE_S
                self._loop.call_at(rested_s, lambda: self._made(index))

        fresh = self._make(index, self.pool.rules[index], settled)

    def _made(self, index: int) -> None:
        self._being_made[index] -= 1

    def _replace(self, old: Connection, fresh: Connection) -> None:
        if old not in self.pool.connections:
            fresh.wire.close()
            return
        self._retired.add(old)
        self.pool.replace(old, fresh)
        if old.in_flight == 0:
            self._close(old)

    def _close(self, retired: Connection) -> None:
        self._retired.discard(retired)
        retired.wire.close()
