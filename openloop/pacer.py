"""Waiting until a moment of the monotonic clock, to some microseconds.

`gevent.sleep` hands epoll whole milliseconds, which alone fails a Poisson test at 500 rps.
A timerfd is armed with an absolute time in nanoseconds and read through the hub's loop. It wakes up
a little early; then the loop goes round without sleeping until the moment has come.
"""

import sys
from typing import Protocol

import gevent
from gevent.event import Event

from openloop.clock import Clock
from openloop.timerfd import NANO, Timerfd
from openloop.wake_lead import WakeLead

READABLE = 1


class Pacer(Protocol):
    """Where the dispatcher waits for the next arrival."""

    def wait_until(self, monotonic_s: float) -> bool:
        """Wait for the moment; False when `interrupt` ended the wait before it."""
        ...

    def interrupt(self) -> None:
        """End the present wait, or the next one at once: something to look at has come."""
        ...

    def give_way(self) -> None:
        """Let what was just started run before anything else."""
        ...

    def close(self) -> None:
        """Give back what the pacer holds."""
        ...


class TimerfdPacer:
    """Linux: an absolute timerfd on the hub's event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timer = Timerfd()
        self._watcher = gevent.get_hub().loop.io(self._timer.fd, READABLE)
        self._lead = WakeLead()
        self._interrupted = False

    def wait_until(self, monotonic_s: float) -> bool:
        """Wait for the moment; False when `interrupt` ended the wait before it."""
        wake_s = self._lead.wake_s(monotonic_s)
        while not self._interrupted and (now_s := self._clock.monotonic_s()) < monotonic_s:
            if now_s < wake_s:
                self._sleep_until(wake_s)
            else:
                gevent.sleep(0)  # what else is to be done is done meanwhile
        reached, self._interrupted = not self._interrupted, False
        return reached

    def interrupt(self) -> None:
        """End the present wait, or the next one at once."""
        self._interrupted = True
        self._timer.arm(1)

    def give_way(self) -> None:
        """Let what was just started run before anything else."""
        gevent.sleep(0)

    def close(self) -> None:
        """Close the descriptor."""
        self._watcher.close()
        self._timer.close()

    def _sleep_until(self, monotonic_s: float) -> None:
        self._timer.arm(int(monotonic_s * NANO) + 1)
        gevent.get_hub().wait(self._watcher)
        self._timer.clear()


class SleepPacer:
    """Elsewhere: the hub's own timers, whole milliseconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._woken = Event()

    def wait_until(self, monotonic_s: float) -> bool:
        """Wait for the moment; False when `interrupt` ended the wait before it."""
        while not self._woken.is_set():
            left_s = monotonic_s - self._clock.monotonic_s()
            if left_s <= 0:
                return True
            self._woken.wait(left_s)
        self._woken.clear()
        return False

    def interrupt(self) -> None:
        """End the present wait, or the next one at once."""
        self._woken.set()

    def give_way(self) -> None:
        """Let what was just started run before anything else."""
        gevent.sleep(0)

    def close(self) -> None:
        """Nothing to give back."""


def new_pacer(clock: Clock) -> Pacer:
    """The best pacer this system has."""
    return TimerfdPacer(clock) if sys.platform == "linux" else SleepPacer(clock)
