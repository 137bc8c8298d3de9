"""Walk the plan and hand over each arrival when it falls due."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from openloop.clock import Clock
from openloop.lease import LATE_LIMIT_S, Leave
from openloop.look_ahead import LOOK_AHEAD
from openloop.ownership import next_owned_s
from shapes.plan import Plan
from shapes.schedule import Schedule

if TYPE_CHECKING:
    from openloop.pacer import Pacer

MOST_A_TURN = 16
PLAN_WATCH_S = 3600.0
CATCH_UP_S = 0.1

Send = Callable[[int, float], None]
Skip = Callable[[int, float, str], None]


class Dispatcher:
    """One member's walk through the plan, in one greenlet.

    Args:
        member: The member whose arrivals to send.
        clock: Where time comes from.
        pacer: How to wait; its `interrupt` is called when a newer plan arrives.
        leave: Whether an arrival may be sent when its moment has come.
        send: Called with (k, intended_s) when an arrival is due; must not block.
        skip: Called with (k, intended_s, reason) for an arrival that is not sent.
    """

    def __init__(
        self, member: str, *, clock: Clock, pacer: Pacer, leave: Leave, send: Send, skip: Skip
    ) -> None:
        self._member = member
        self._clock = clock
        self._pacer = pacer
        self._send = send
        self._skip = skip
        self._leave = leave
        self.next_k = 0
        self.reached_s = -math.inf
        self._upcoming: deque[tuple[int, float]] = deque()
        self._caught_up = False
        self._schedule: Schedule | None = None

    def follow(self, plan: Plan, *, epoch_monotonic_s: float) -> None:
        """Take the newest version of the plan; what was dispatched stays dispatched.

        Args:
            plan: The plan; arrivals from the next undispatched one on are read anew from it.
            epoch_monotonic_s: The plan's epoch on this process's monotonic clock.
        """
        self._plan = plan
        self._epoch_s = epoch_monotonic_s
        self._schedule = Schedule(plan)
        self._upcoming.clear()
        self._pacer.interrupt()

    def run(self) -> None:
        """Dispatch until the plan's end has come and no newer plan moved it."""
        while self._upcoming or not self._at_end():
            reached = self._pacer.wait_until(self._epoch_s + self._next_moment_s())
            if reached and self._upcoming:
                now_s = self._clock.monotonic_s()
                if not self._catches_up(now_s):
                    self._dispatch_due(now_s)
                    self._pacer.give_way()  # looking ahead first would delay the sending

    def _dispatch_due(self, now_s: float) -> None:
        """All that is due, up to a number: arrivals one a turn would each wait for the replies."""
        due_s = now_s - self._epoch_s
        for _ in range(MOST_A_TURN):
            self._dispatch(*self._upcoming.popleft(), now_s)
            if not self._upcoming or self._upcoming[0][1] > due_s:
                return

    def _catches_up(self, now_s: float) -> bool:
        """After a stall the newest plan comes first: let waiting messages be read, once."""
        late = now_s - self._epoch_s - self._upcoming[0][1] > LATE_LIMIT_S
        if late and not self._caught_up:
            self._caught_up = True
            self._pacer.wait_until(now_s + CATCH_UP_S)
            return True
        self._caught_up = late
        return False

    def _at_end(self) -> bool:
        """Nothing planned is left, and the end is behind us: up to then an edit may still come."""
        # On the clock's own scale: a difference of sums may stay below the end by rounding.
        ended = self._clock.monotonic_s() >= self._epoch_s + self._plan.end_s
        return ended and not self._look_ahead()

    def _next_moment_s(self) -> float:
        if self._upcoming or self._look_ahead():
            return self._upcoming[0][1]
        return min(self._plan.end_s, self._now_s() + PLAN_WATCH_S)

    def _look_ahead(self) -> bool:
        """Fill the queue of own arrivals; False when the plan holds no more."""
        assert self._schedule is not None, "follow() comes before run()"
        while not self._upcoming:
            block = self._schedule.arrivals(self.next_k, LOOK_AHEAD)
            if not len(block.k):
                return False
            ours_from_s = next_owned_s(self._plan, self._member, float(block.intended_s[0]))
            if ours_from_s == math.inf:
                return False
            if ours_from_s > block.intended_s[-1]:
                self.next_k = self._schedule.first_k_at(ours_from_s)
                continue
            owned = self._schedule.owned(block, self._member)
            self._upcoming.extend(
                zip(block.k[owned].tolist(), block.intended_s[owned].tolist(), strict=True)
            )
            if not self._upcoming:
                self.next_k = int(block.k[-1]) + 1
        return True

    def _dispatch(self, k: int, intended_s: float, now_s: float) -> None:
        self.next_k = k + 1
        self.reached_s = intended_s
        refusal = self._leave.refusal(self._epoch_s + intended_s, now_s)
        if refusal is None:
            self._send(k, intended_s)
        else:
            self._skip(k, intended_s, refusal)

    def _now_s(self) -> float:
        return self._clock.monotonic_s() - self._epoch_s
