"""The calls of one engine under way: begun, ended, kept waiting, cut off."""

from __future__ import annotations

import math
import time
from collections import deque

from grpc_user.engine.call import EngineCall
from grpc_user.engine.deadlines import Deadlines
from grpc_user.engine.headers import MakeHeader
from grpc_user.engine.loop import Loop
from grpc_user.engine.outcomes import CUT_OFF, Outcomes
from grpc_user.engine.requests import Requests
from grpc_user.engine.rows import Rows
from grpc_user.engine.wires import Wires
from grpc_user.h2.status import DEADLINE
from grpc_user.pool import Connection

STOPPED, MAX_IN_FLIGHT = "stopped", "max-in-flight"


class Calls:
    """Makes a call of each arrival.

    Args:
        loop: The engine's.
        requests: What arrivals send.
        header: Their headers.
        rows: What became of them.
        wires: What carries them.
        timeout_s: The deadline of each call, from its sending; as long it waits for a stream.
        limit: Most arrivals under way at once.

    Attributes:
        epoch_s: The run's epoch on the monotonic clock; set before the first arrival.
    """

    def __init__(
        self,
        loop: Loop,
        requests: Requests,
        header: MakeHeader,
        rows: Rows,
        wires: Wires,
        *,
        timeout_s: float,
        limit: int,
    ) -> None:
        self.epoch_s = math.nan
        self._loop = loop
        self._requests = requests
        self._header = header
        self._rows = rows
        self._wires = wires
        self._outcomes = Outcomes(rows, requests)
        self._timeout_s = timeout_s
        self._limit = limit
        self._in_flight = 0
        self._waiting: deque[EngineCall] = deque()
        self._deadlines = Deadlines()
        self._watched_s = math.inf
        self._is_serving = False

    def __len__(self) -> int:
        """How many arrivals are under way."""
        return self._in_flight

    def begin(self, k: int, intended_s: float) -> None:
        """Send arrival k, or let it wait for a stream."""
        if self._in_flight >= self._limit:
            self._rows.unsent(k, intended_s, MAX_IN_FLIGHT)
            return
        self._in_flight += 1
        call = EngineCall(k, intended_s, self._requests.request(k), self._header, self._ended)
        now_s = time.monotonic()
        place = None if self._waiting else self._wires.take(now_s)
        if place is None:
            self._wait(call)
        else:
            self._send(call, place, now_s)

    def serve_waiting(self) -> None:
        """Streams have become free: first come, first served."""
        if self._is_serving:  # a call that ended at once gave its stream back to us
            return
        self._is_serving = True
        now_s = time.monotonic()
        while self._waiting and (place := self._wires.take(now_s)) is not None:
            self._send(self._waiting.popleft(), place, now_s)
        self._is_serving = False

    def stop_waiting(self) -> None:
        """Arrivals that have no stream yet are not sent."""
        waiting, self._waiting = self._waiting, deque()
        for call in waiting:
            self._rows.unsent(call.k, call.intended_s, STOPPED)
            self._forget(call)

    def cut_off(self) -> int:
        """End all that is under way; how many that was."""
        count = self._in_flight
        self.stop_waiting()
        for call in self._deadlines.pop_all():
            self._outcomes.cut_off(call, self.epoch_s)
            self._forget(call)
            call.end(*CUT_OFF)
        return count

    def _wait(self, call: EngineCall) -> None:
        call.ends_s = time.monotonic() + self._timeout_s
        self._waiting.append(call)
        self._rows.waiting(call.k, call.intended_s)
        self._watch(call.ends_s)
        self._wires.grow(len(self._waiting))

    def _send(self, call: EngineCall, place: Connection, now_s: float) -> None:
        call.place, call.sent_s, call.ends_s = place, now_s, now_s + self._timeout_s
        self._rows.sent(call.k, call.intended_s, now_s - self.epoch_s)
        self._deadlines.add(call)
        if self._watched_s == math.inf:
            self._watch(call.ends_s)
        place.wire.begin(call)

    def _ended(self, call: EngineCall) -> None:
        received_s = time.monotonic() if call.line is None else call.line.event_s
        self._outcomes.ended(call, self.epoch_s, received_s)
        self._forget(call)

    def _forget(self, call: EngineCall) -> None:
        call.release()
        self._in_flight -= 1
        if call.place is not None:
            self._wires.give_back(call.place)
            if self._waiting:
                self.serve_waiting()

    def _watch(self, moment_s: float) -> None:
        """Have deadlines looked at then, at the latest."""
        if moment_s < self._watched_s:
            self._watched_s = moment_s
            self._loop.call_at(moment_s, self._on_deadline)

    def _on_deadline(self) -> None:
        now_s = time.monotonic()
        self._watched_s = math.inf
        while (call := self._deadlines.pop_due(now_s)) is not None:
            call.end(*DEADLINE)
        while self._waiting and self._waiting[0].ends_s <= now_s:
            self._wait_out(self._waiting.popleft(), now_s)
        waiting_s = self._waiting[0].ends_s if self._waiting else math.inf
        next_s = min(self._deadlines.next_s(), waiting_s)
        if next_s < math.inf:
            self._watch(next_s)

    def _wait_out(self, call: EngineCall, now_s: float) -> None:
        details = self._wires.pool.no_room(self._timeout_s)
        self._outcomes.waited_out(call, self.epoch_s, now_s, details)
        self._forget(call)
