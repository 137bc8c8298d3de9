"""Taking turns on the CPUs, as a runtime with as many running threads as CPUs does.

More spinning threads than CPUs would fight for the interpreter: one that holds its lock when the
kernel takes the CPU away stops them all, and with 40 spins on 2 CPUs a health check then waits
100 ms. So as many threads spin as there are CPUs, each for 2 ms before the next one in line: every
call still gets its equal part of the CPUs, and health checks are answered at once.
"""

import threading
from collections import deque
from collections.abc import Callable

TURN_NS = 2_000_000


class Ticket:
    """One call's claim to a turn. Changed under the lock of the `Turns` it is shown to."""

    __slots__ = ("called", "holds_turn", "stopped")

    def __init__(self) -> None:
        self.stopped = False
        self.holds_turn = False
        self.called = threading.Semaphore(0)


class Turns:
    """At most `at_once` tickets hold a turn; the others stand in line, first come first served."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._line: deque[Ticket] = deque()
        self._lock = threading.Lock()

    def take(self, ticket: Ticket) -> bool:
        """Wait for a turn; False, without a turn, when the ticket was stopped."""
        with self._lock:
            if ticket.stopped:
                return False
            if self._free:
                self._free -= 1
                ticket.holds_turn = True
                return True
            self._line.append(ticket)
        ticket.called.acquire()
        return ticket.holds_turn

    def give_back(self, ticket: Ticket) -> None:
        """End the ticket's turn, if it has one: the next in line has it."""
        with self._lock:
            if ticket.holds_turn:
                ticket.holds_turn = False
                self._call_next()

    def pass_on(self, ticket: Ticket) -> bool:
        """Go to the end of the line, when there is one, and wait for the next turn as `take`."""
        if not self._line:
            return not ticket.stopped
        self.give_back(ticket)
        return self.take(ticket)

    def stop(self, ticket: Ticket) -> None:
        """End the ticket's claim: at once in line, and when it next looks in its turn."""
        with self._lock:
            ticket.stopped = True
            if ticket in self._line:
                self._line.remove(ticket)
                ticket.called.release()

    def _call_next(self) -> None:
        if not self._line:
            self._free += 1
            return
        following = self._line.popleft()
        following.holds_turn = True
        following.called.release()


def in_turns(turns: Turns, ticket: Ticket, turn_ns: int = TURN_NS) -> Callable[[int], bool]:
    """Whether the holder of `ticket` goes on, asked with its CPU time in nanoseconds.

    Each `turn_ns` of CPU time it passes its turn on and waits for the next one.
    """
    ends_ns: int | None = None

    def go_on(now_ns: int) -> bool:
        nonlocal ends_ns
        if ends_ns is not None and now_ns < ends_ns:
            return not ticket.stopped
        begins = ends_ns is None
        ends_ns = now_ns + turn_ns
        return not ticket.stopped if begins else turns.pass_on(ticket)

    return go_on
