"""A time in which nothing could be seen, told as rows of kind `gap`."""

from collections.abc import Callable

from experiment.observer.clock import Time
from records.replica_rows import Row

Tell = Callable[[Row], None]
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0


class Gaps:
    """The gaps in one source's view.

    A gap is told when it is noticed, as far as it has come, and whole when it ends: a reader that
    joins them sees one, and an observer that is killed within it has said so.

    Args:
        resource: Name of what cannot be seen.
        tell: Takes each row.
        clock: Where time comes from.
    """

    def __init__(self, resource: str, tell: Tell, clock: Time) -> None:
        self._resource = resource
        self._tell = tell
        self._clock = clock
        self._open: tuple[float, str] | None = None
        self._pause_s = FIRST_PAUSE_S

    def lose(self, reason: str, since_unix_s: float) -> None:
        """Nothing can be seen; since when and why counts the first time only."""
        if self._open is None:
            self._open = (since_unix_s, reason)
            self._mark()

    def pause(self) -> None:
        """Wait before the next try: longer each time within a gap."""
        self._clock.wait(self._pause_s)
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)

    def end(self) -> None:
        """It can be seen again, or nobody looks any more."""
        if self._open is not None:
            self._mark()
            self._open = None
            self._pause_s = FIRST_PAUSE_S

    def _mark(self) -> None:
        assert self._open is not None
        from_unix_s, reason = self._open
        now = self._clock.unix_s()
        self._tell(
            {
                "at_unix_s": now,
                "kind": "gap",
                "resource": self._resource,
                "from_unix_s": from_unix_s,
                "to_unix_s": now,
                "reason": reason,
            }
        )
