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
class Burned:
    """What spinning took so far, in nanoseconds."""

    wall_ns: int = 0
    cpu_ns: int = 0


@dataclass(frozen=True)
class Clocks:
    """The two clocks of the thread that reads them, in nanoseconds."""

    cpu_ns: ClockNs = time.thread_time_ns
    wall_ns: ClockNs = time.monotonic_ns


SYSTEM_CLOCKS = Clocks()


def sha256_chunk() -> Callable[[], None]:
    """One piece of work that holds no lock of the interpreter while it runs."""
    update = hashlib.sha256().update

    def work() -> None:
        update(CHUNK)

    return work


def burn(
    amount_ns: int,
    clock_ns: ClockNs,
    stopped: Callable[[], bool],
    work: Callable[[], None],
) -> None:
    """Do `work` until `clock_ns` has moved by `amount_ns`, or `stopped` between two pieces."""
    end_ns = clock_ns() + amount_ns
    while clock_ns() < end_ns and not stopped():
        work()


def spin_on(
    before: Burned,
    until_ns: int,
    *,
    by_wall: bool,
    stopped: Callable[[], bool],
    clocks: Clocks = SYSTEM_CLOCKS,
) -> Burned:
    """Spin on from `before` until the total is `until_ns`, of wall or CPU time; the new total.

    A share that ran over by a part of a chunk shortens the next one: the error of a call does not
    grow with the number of its shares.
    """
    wall_ns, cpu_ns = clocks.wall_ns(), clocks.cpu_ns()
    clock_ns, done_ns = (
        (clocks.wall_ns, before.wall_ns) if by_wall else (clocks.cpu_ns, before.cpu_ns)
    )
    burn(until_ns - done_ns, clock_ns, stopped, sha256_chunk())
    return Burned(
        wall_ns=before.wall_ns + clocks.wall_ns() - wall_ns,
        cpu_ns=before.cpu_ns + clocks.cpu_ns() - cpu_ns,
    )
