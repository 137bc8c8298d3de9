"""Where a member stands towards the conductor: its name, its clock, its leave to send."""

from typing import Protocol

from openloop.clock_offset import Offset
from openloop.lease import OwnLeave, Unlimited
from shapes.plan import Plan

LOCAL_MEMBER = "local"


class Standing(Protocol):
    """What a member knows of itself."""

    @property
    def member(self) -> str:
        """Its name in plans and files."""
        ...

    @property
    def leave(self) -> OwnLeave:
        """Whether it may send."""
        ...

    @property
    def offset(self) -> Offset:
        """The conductor's monotonic clock minus ours."""
        ...

    def acknowledge(self, plan: Plan, first_k: int) -> None:
        """Tell the conductor that the plan is here and what arrivals follow from it."""
        ...


class Alone:
    """The local run: member and conductor are one process, with one clock."""

    member = LOCAL_MEMBER
    leave: OwnLeave = Unlimited()
    offset = Offset(offset_s=0.0, error_s=0.0)

    def acknowledge(self, plan: Plan, first_k: int) -> None:
        """There is nobody to tell."""
