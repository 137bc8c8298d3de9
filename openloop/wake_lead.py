"""How long before a moment to wake up, so that the last of the wait is watched and not slept.

A timer wakes an idle process some 0.05 to 0.2 ms late, and with cold caches; the clock, asked again
and again, is late by a microsecond.
"""

LONGEST_LEAD_S = 5e-4
WATCHED_SHARE = 0.1
"""Of the time of a core: no more than this is spent on watching."""
WEIGHT = 1 / 8
"""Of the newest gap in the mean of gaps."""


class WakeLead:
    """A tenth of the mean gap between the moments that are waited for, up to half a millisecond."""

    def __init__(self) -> None:
        self._due_s: float | None = None
        self._mean_gap_s = 0.0

    def wake_s(self, due_s: float) -> float:
        """When to wake up for the next moment; before it, the clock is to be watched.

        Args:
            due_s: The moment, on any clock; a later one than the last is a gap.
        """
        if self._due_s is not None and due_s > self._due_s:
            gap_s = min(due_s - self._due_s, LONGEST_LEAD_S / WATCHED_SHARE)
            self._mean_gap_s += WEIGHT * (gap_s - self._mean_gap_s)
        self._due_s = due_s
        return due_s - WATCHED_SHARE * self._mean_gap_s
