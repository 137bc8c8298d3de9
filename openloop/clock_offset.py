"""How far this process's monotonic clock is from the conductor's, and how sure that is."""

from collections import deque
from dataclasses import dataclass

WINDOW = 64
"""Exchanges looked back at: 16 s at 4 Hz, in which clocks drift by less than a millisecond."""
GOOD_ROUND_TRIP_S = 0.1
NEEDED_GOOD = 8


@dataclass(frozen=True)
class Offset:
    """The conductor's clock minus ours.

    Attributes:
        offset_s: To add to a reading of our clock.
        error_s: The truth lies within offset_s ± error_s: half the round trip.
    """

    offset_s: float
    error_s: float


class OffsetEstimate:
    """Keeps the exchange with the shortest round trip of late (Cristian's algorithm, 1989).

    A first exchange is often slow, and an offset taken from it alone was seen to be 97 ms off; so
    an estimate is only given after several good ones.
    """

    def __init__(self) -> None:
        self._exchanges: deque[Offset] = deque(maxlen=WINDOW)
        self._good = 0

    def add(self, *, sent_s: float, theirs_s: float, received_s: float) -> None:
        """Note one exchange.

        Args:
            sent_s: When we asked, on our clock.
            theirs_s: The conductor's reading in its answer.
            received_s: When the answer came, on our clock.
        """
        round_trip_s = received_s - sent_s
        self._good += round_trip_s < GOOD_ROUND_TRIP_S
        self._exchanges.append(Offset(theirs_s - (sent_s + received_s) / 2, round_trip_s / 2))

    @property
    def is_good(self) -> bool:
        """Whether enough exchanges were quick to trust the best of them."""
        return self._good >= NEEDED_GOOD

    def best(self) -> Offset | None:
        """The best exchange of late; None before `is_good`."""
        return min(self._exchanges, key=lambda one: one.error_s) if self.is_good else None


def offset_report(used: Offset, end: Offset) -> dict[str, float]:
    """What is to be kept of the offset that a member used through a run.

    Args:
        used: As measured before the run's epoch; kept, so that arrivals do not move.
        end: As measured at the run's end.
    """
    drift_s = abs(end.offset_s - used.offset_s)
    return {
        "offset_s": used.offset_s,
        "error_s": max(used.error_s, drift_s + end.error_s),
        "end_offset_s": end.offset_s,
        "end_error_s": end.error_s,
    }
