"""Waiting until a moment of the monotonic clock, to some tens of microseconds.

`gevent.sleep` hands epoll whole milliseconds, which alone fails a Poisson test at 500 rps.
A timerfd is armed with an absolute time in nanoseconds and read through the hub's loop.
"""

import contextlib
import ctypes
import os
import sys
from typing import Protocol

import gevent
from gevent.event import Event

from openloop.clock import Clock

NANO = 1_000_000_000
CLOCK_MONOTONIC = 1
TFD_TIMER_ABSTIME = 1
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


class _TimerSpec(ctypes.Structure):
    _fields_ = (
        ("interval_s", ctypes.c_long),
        ("interval_ns", ctypes.c_long),
        ("value_s", ctypes.c_long),
        ("value_ns", ctypes.c_long),
    )


class TimerfdPacer:
    """Linux: an absolute timerfd on the hub's event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create failed")
        self._watcher = gevent.get_hub().loop.io(self._fd, READABLE)
        self._interrupted = False

    def wait_until(self, monotonic_s: float) -> bool:
        """Wait for the moment; False when `interrupt` ended the wait before it."""
        while not self._interrupted and self._clock.monotonic_s() < monotonic_s:
            self._arm(int(monotonic_s * NANO) + 1)
            gevent.get_hub().wait(self._watcher)
            self._drain()
        reached, self._interrupted = not self._interrupted, False
        return reached

    def interrupt(self) -> None:
        """End the present wait, or the next one at once."""
        self._interrupted = True
        self._arm(1)

    def give_way(self) -> None:
        """Let what was just started run before anything else."""
        gevent.sleep(0)

    def close(self) -> None:
        """Close the descriptor."""
        self._watcher.close()
        os.close(self._fd)

    def _arm(self, due_ns: int) -> None:
        spec = _TimerSpec(0, 0, due_ns // NANO, due_ns % NANO)
        self._libc.timerfd_settime(self._fd, TFD_TIMER_ABSTIME, ctypes.byref(spec), None)

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):  # re-armed between the wake-up and the read
            os.read(self._fd, 8)


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
