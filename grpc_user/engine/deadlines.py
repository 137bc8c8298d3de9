"""Deadlines of calls that all have the same time: whoever began first is due first."""

import math
from collections import deque

from grpc_user.engine.call import EngineCall

SPARE = 1024


class Deadlines:
    """Calls in the order of their deadlines; those that are over drop out by and by."""

    def __init__(self) -> None:
        self._calls: deque[EngineCall] = deque()
        self._limit = SPARE

    def add(self, call: EngineCall) -> None:
        """A call whose deadline is not before that of any added earlier."""
        self._calls.append(call)
        if len(self._calls) > self._limit:
            self._calls = deque(one for one in self._calls if not one.is_over)
            self._limit = 2 * len(self._calls) + SPARE

    def next_s(self) -> float:
        """The first deadline of a call that is not over; inf for none."""
        calls = self._calls
        while calls and calls[0].is_over:
            calls.popleft()
        return calls[0].ends_s if calls else math.inf

    def pop_due(self, now_s: float) -> EngineCall | None:
        """A call that is not over though its deadline has passed, if there is one."""
        return self._calls.popleft() if self.next_s() <= now_s else None

    def pop_all(self) -> list[EngineCall]:
        """All calls that are not over."""
        left, self._calls = [one for one in self._calls if not one.is_over], deque()
        return left
