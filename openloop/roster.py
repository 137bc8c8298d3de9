"""Who takes part, by what the conductor last heard of each. Pure: time is an argument."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from openloop.clock_offset import Offset

LOST_AFTER_S = 1.0
NOT_FOLLOWING = -1


@dataclass(frozen=True)
class Heard:
    """What is known of one worker process.

    Attributes:
        client_id: Locust's name of the process; messages go there.
        member: Its name in plans and files, never given twice.
        heard_s: When its last ping came, on the conductor's monotonic clock.
        offset: What it measured of its clock; None until that is good.
        prepared_for: The run it is prepared for, if any.
        refused: Why it may not take part in the present run; None when it may.
        leaving: It has said that it goes.
        follows: Run and version of the plan that it surely has.
    """

    client_id: str
    member: str
    heard_s: float
    offset: Offset | None = None
    prepared_for: str | None = None
    refused: str | None = None
    leaving: bool = False
    follows: tuple[str | None, int] = (None, NOT_FOLLOWING)

    def is_able(self, run_id: str) -> bool:
        """Whether it may send in the run: clock known, prepared, not refused."""
        return self.offset is not None and self.prepared_for == run_id and not self.refused


@dataclass
class Roster:
    """All processes heard of."""

    entries: dict[str, Heard] = field(default_factory=dict)

    def hear(
        self,
        client_id: str,
        now_s: float,
        offset: Offset | None,
        follows: tuple[str | None, int] = (None, NOT_FOLLOWING),
    ) -> Heard:
        """A ping has come."""
        known = self.entries.get(client_id)
        if known is None:
            known = Heard(client_id, f"w{len(self.entries)}", now_s)
        heard = replace(known, heard_s=now_s, offset=offset, follows=follows)
        self.entries[client_id] = heard
        return heard

    def update(self, client_id: str, **changes: object) -> None:
        """Note something else about a process."""
        if client_id in self.entries:
            self.entries[client_id] = replace(self.entries[client_id], **changes)  # type: ignore[arg-type]  # fields of Heard

    def last_heard_s(self) -> float:
        """When anybody was last heard."""
        return max((one.heard_s for one in self.entries.values()), default=-math.inf)

    def alive(self, now_s: float, within_s: float = LOST_AFTER_S) -> list[Heard]:
        """Processes heard of late, by name."""
        return [one for one in self.entries.values() if now_s - one.heard_s < within_s]

    def present(self, now_s: float) -> list[Heard]:
        """Those of them that stay."""
        return [one for one in self.alive(now_s) if not one.leaving]

    def by_member(self, member: str) -> Heard | None:
        """The process of a member's name."""
        return next((one for one in self.entries.values() if one.member == member), None)

    def oldest_version(self, members: Iterable[str], run_id: str) -> int:
        """The oldest version of the run's plan that one of these members may still follow."""
        known = [self.by_member(member) for member in members]
        return min(
            one.follows[1] if one and one.follows[0] == run_id else NOT_FOLLOWING for one in known
        )
