"""The time of an observation, and its end."""

import threading
import time
from typing import Protocol


class Time(Protocol):
    """Where time comes from, and whether it is over."""

    def unix_s(self) -> float:
        """Seconds since 1970."""

    def is_over(self) -> bool:
        """Whether to stop."""

    def wait(self, seconds: float) -> None:
        """Until then, or until it is time to stop."""


class SystemTime:
    """The system's clock, and an event that another thread sets."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def unix_s(self) -> float:
        """See `Time`."""
        return time.time()

    def is_over(self) -> bool:
        """See `Time`."""
        return self.over.is_set()

    def wait(self, seconds: float) -> None:
        """See `Time`."""
        self.over.wait(seconds)
