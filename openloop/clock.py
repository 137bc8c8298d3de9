"""The one file that reads the clock."""

import time
from typing import Protocol


class Clock(Protocol):
    """Where time comes from; tests pass one they move by hand."""

    def monotonic_s(self) -> float:
        """Seconds on a clock that never jumps; its zero means nothing."""
        ...

    def unix_s(self) -> float:
        """Seconds since 1970 by the wall clock; for stamps on files only, never for intervals."""
        ...

    def cpu_s(self) -> float:
        """CPU seconds that this process has used."""
        ...


class SystemClock:
    """This machine's clocks."""

    def monotonic_s(self) -> float:
        """CLOCK_MONOTONIC in seconds."""
        return time.monotonic()

    def unix_s(self) -> float:
        """CLOCK_REALTIME in seconds."""
        return time.time()

    def cpu_s(self) -> float:
        """CLOCK_PROCESS_CPUTIME_ID in seconds."""
        return time.process_time()


SYSTEM_CLOCK = SystemClock()
