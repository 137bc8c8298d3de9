"""Burning a chosen amount of time on one thread, without keeping others from the interpreter.

A chunk is one sha256 over 64 KiB: hashlib lets go of the GIL for it, so health checks are answered
and other cores are used while spins run. The time is looked at after each chunk, so a spin is too
long by at most one chunk (17 to 300 us, by the CPU).
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

CHUNK = bytes(64 * 1024)
NS_PER_US = 1000

ClockNs = Callable[[], int]


@dataclass(frozen=True)
class Clocks:
    """The two clocks of the thread that reads them, in nanoseconds."""

    cpu_ns: ClockNs = time.thread_time_ns
    wall_ns: ClockNs = time.monotonic_ns


SYSTEM_CLOCKS = Clocks()


def burn(
    amount_ns: int, clock_ns: ClockNs, go_on: Callable[[int], bool], work: Callable[[], None]
) -> None:
    """Do `work` until `clock_ns` has moved by `amount_ns`, or `go_on`, told the time, says no.

    `go_on` is asked between two pieces of work; the time that passes while it waits counts if
    `clock_ns` is a wall clock and does not if it is the thread's CPU clock.
    """
    end_ns = clock_ns() + amount_ns
    while (now_ns := clock_ns()) < end_ns and go_on(now_ns):
        work()


def sha256_chunks() -> Callable[[], None]:
    """Work that holds no lock of the interpreter while it runs: one chunk a call."""
    update = hashlib.sha256().update
    return lambda: update(CHUNK)
