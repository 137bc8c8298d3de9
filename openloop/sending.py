"""How a member's arrivals leave: from this process's hub, or from a process of their own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from openloop.clock import Clock
from openloop.recorder import Recorder
from openloop.standing import Standing
from openloop.stats_filter import StatsFilter
from shapes.plan import Plan


@dataclass(frozen=True)
class SendingSetup:
    """What one member's sending is made from.

    Attributes:
        environment: Locust's environment.
        plan: The plan, perhaps without its epoch yet.
        standing: The member's name and its leave to send.
        recorder: Told what became of each arrival.
        clock: Where time comes from.
        max_in_flight: Most arrivals under way at once.
        stats_filter: Says which arrivals Locust's statistics count.
        folder: The run folder on this machine.
    """

    environment: Any
    plan: Plan
    standing: Standing
    recorder: Recorder
    clock: Clock
    max_in_flight: int
    stats_filter: StatsFilter
    folder: Path


class Sending(Protocol):
    """One member's sending in one run. Each of its arrivals gets a row, whatever becomes of it.

    Attributes:
        deaths: How often a process that sent ended before it was told to.
        hangs: How many of those hung and were killed.
    """

    deaths: int
    hangs: int

    @property
    def next_k(self) -> int:
        """The first arrival that is not dispatched yet."""
        ...

    @property
    def reached_s(self) -> float:
        """The intended time of the last one that was; -inf before."""
        ...

    def __len__(self) -> int:
        """How many arrivals are under way now."""
        ...

    def prepare(self) -> None:
        """Connect and warm up, before the epoch is set.

        Raises:
            StartRefused: when the run cannot go on.
        """
        ...

    def follow(self, plan: Plan, *, epoch_monotonic_s: float) -> None:
        """Take the newest version of the plan; the first one starts the dispatching."""
        ...

    def join(self) -> None:
        """Wait until the plan's end has come and no newer plan moved it."""
        ...

    def drain(self, timeout_s: float) -> int:
        """Wait for what is under way, then cut off the rest; how many were cut off."""
        ...

    def collect(self) -> None:
        """Hand what ended since to the records and the summary; called a few times a second."""
        ...

    def cpu_s(self) -> float:
        """CPU seconds of the process that sends."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...
