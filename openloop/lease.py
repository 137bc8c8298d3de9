"""A member's leave to send: it runs out unless the conductor is heard.

When a member is lost, others take its arrivals over. The lease makes sure that by then the lost one
sends nothing any more, even if it was only frozen or cut off.
"""

from collections.abc import Callable
from typing import Protocol

LEASE_S = 1.5
"""An arrival due later than this after the last answered ping was sent is not sent."""
LATE_LIMIT_S = 1.0
"""An arrival later than this is recorded as unsent: a burst would be a load nobody planned."""
MASTER_LOST_S = 10.0
"""A member that has not heard the conductor for so long ends its run."""


Granted = Callable[[float], None]
"""Takes the monotonic time from which a lease counts."""


class Leave(Protocol):
    """Whether an arrival may be sent now."""

    def refusal(self, due_s: float, now_s: float) -> str | None:
        """Why an arrival must not be sent now; None when it may.

        Args:
            due_s: When it is due, monotonic.
            now_s: Now, monotonic.
        """
        ...


class OwnLeave(Leave, Protocol):
    """A leave of which another process can be told, so that it sends by the same rules."""

    def pass_on(self, tell: Granted | None) -> None:
        """Tell now and at each renewal from when the lease counts; None ends that."""
        ...


class Lease:
    """Leave to send, counted from the sending of the last ping that was answered.

    Counting from the sending, not from the answer's arrival, makes the lease end at or before the
    end that the conductor assumes: it heard the ping later than it was sent.

    Args:
        granted_s: Monotonic time from which the first lease counts.
    """

    def __init__(self, granted_s: float) -> None:
        self._granted_s = granted_s
        self._tell: Granted = _nobody

    def renew(self, ping_sent_s: float) -> None:
        """An answer to the ping that was sent at this monotonic time has come."""
        self._granted_s = max(self._granted_s, ping_sent_s)
        self._tell(self._granted_s)

    def pass_on(self, tell: Granted | None) -> None:
        """Tell another process, now and at each renewal, from when the lease counts.

        Args:
            tell: Takes that monotonic time; None = nobody is told any more.
        """
        self._tell = tell or _nobody
        self._tell(self._granted_s)

    def unheard_for_s(self, now_s: float) -> float:
        """Seconds since the last answered ping was sent."""
        return now_s - self._granted_s

    def refusal(self, due_s: float, now_s: float) -> str | None:
        """Past the lease, or too late for anybody."""
        late = now_s - due_s > LATE_LIMIT_S
        if due_s > self._granted_s + LEASE_S:
            return "lease" if late else "no-master"
        return "late" if late else None


class Unlimited:
    """The local run's leave: there is no conductor to lose."""

    def pass_on(self, tell: Granted | None) -> None:
        """There is nothing to tell: it never ends."""

    def refusal(self, due_s: float, now_s: float) -> str | None:
        """Only lateness forbids."""
        return "late" if now_s - due_s > LATE_LIMIT_S else None


def _nobody(granted_s: float) -> None:
    """There is no other process to tell."""
