"""One loop of one thread: sockets, timers, and what other threads have to say."""

import heapq
import itertools
import math
import os
import select
import time
from collections import deque
from collections.abc import Callable

from openloop.timerfd import NANO, Timerfd

Work = Callable[[], None]
OnReady = Callable[[int], None]

READABLE = select.EPOLLIN
WRITABLE = select.EPOLLOUT
MOST_READY = 64
"""Descriptors looked at in one turn; the others come in the next one."""


class Loop:
    """Waits for whatever comes first."""

    def __init__(self) -> None:
        self._before_wait: list[Work] = []
        self._epoll = select.epoll()
        self._on_ready: dict[int, OnReady] = {}
        self._timers: list[tuple[float, int, Work]] = []
        self._numbers = itertools.count()
        self._from_threads: deque[Work] = deque()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._timer = Timerfd()
        self._armed_s = 0.0
        self.watch(self._bell, self._on_bell)
        # By edges: arming it anew is all it takes, it is never read.
        self.watch(self._timer.fd, lambda _: None, select.EPOLLIN | select.EPOLLET)

    def watch(self, fd: int, on_ready: OnReady, events: int = READABLE) -> None:
        """Have `on_ready` called with the events on a descriptor."""
        self._on_ready[fd] = on_ready
        self._epoll.register(fd, events)

    def change(self, fd: int, events: int) -> None:
        """Wait for other events on it from now on."""
        self._epoll.modify(fd, events)

    def forget(self, fd: int) -> None:
        """Wait for it no more; before it is closed."""
        del self._on_ready[fd]
        self._epoll.unregister(fd)

    def add_before_wait(self, work: Work) -> None:
        """Have work done at the beginning of each turn: what has piled up leaves then."""
        self._before_wait = [*self._before_wait, work]

    def add_before_wait_first(self, work: Work) -> None:
        """Have work done before all that is done at the beginning of each turn."""
        self._before_wait = [work, *self._before_wait]

    def drop_before_wait(self, work: Work) -> None:
        """Have it done no more."""
        self._before_wait = [one for one in self._before_wait if one != work]

    def call_at(self, moment_s: float, work: Work) -> None:
        """Have work done at a monotonic time."""
        heapq.heappush(self._timers, (moment_s, next(self._numbers), work))

    def call_from_thread(self, work: Work) -> None:
        """Have work done by the loop's own thread; the one thing that others may call."""
        self._from_threads.append(work)
        os.eventfd_write(self._bell, 1)

    def turn(self, until_s: float) -> None:
        """Wait until something is ready or the moment has come; do all there is to do.

        Args:
            until_s: Monotonic; a moment that is past means not to wait.
        """
        for work in self._before_wait:
            work()
        timers = self._timers
        if timers and timers[0][0] < until_s:
            until_s = timers[0][0]
        for fd, events in self._epoll.poll(self._timeout(until_s), MOST_READY):
            on_ready = self._on_ready.get(fd)
            if on_ready is not None:  # not forgotten by what was ready before it
                on_ready(events)
        if timers and timers[0][0] <= time.monotonic():
            self._do_timers()

    def run_until(self, is_true: Callable[[], bool], ends_s: float) -> bool:
        """Turn until something is true; False when the moment came first."""
        while not is_true():
            if time.monotonic() >= ends_s:
                return False
            self.turn(ends_s)
        return True

    def _timeout(self, until_s: float) -> int:
        """What epoll takes: 0 when the moment is past; else -1, the timer being armed."""
        if until_s <= time.monotonic():
            return 0
        if until_s not in (self._armed_s, math.inf):
            self._timer.arm(int(until_s * NANO) + 1)
            self._armed_s = until_s
        return -1

    def _do_timers(self) -> None:
        now_s = time.monotonic()
        while self._timers and self._timers[0][0] <= now_s:
            heapq.heappop(self._timers)[2]()

    def _on_bell(self, _: int) -> None:
        os.eventfd_read(self._bell)
        while self._from_threads:
            self._from_threads.popleft()()
