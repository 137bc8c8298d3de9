"""How a member's arrivals leave: from this process's hub, or from a process of their own."""

from typing import Protocol

from shapes.plan import Plan


class Sending(Protocol):
    """One member's sending in one run. Each of its arrivals gets a row, whatever becomes of it.

    Attributes:
        next_k: The first arrival that is not dispatched yet.
        reached_s: The intended time of the last one that was; -inf before.
    """

    next_k: int
    reached_s: float

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
