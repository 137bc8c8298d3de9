"""Who takes part, by what the conductor last heard of each. Pure: time is an argument."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from openloop.clock_offset import Offset
from openloop.lease import LEASE_S

LOST_AFTER_S = 1.0
TAKEOVER_MARGIN_S = 0.05


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
    """

    client_id: str
    member: str
    heard_s: float
    offset: Offset | None = None
    prepared_for: str | None = None
    refused: str | None = None
    leaving: bool = False


@dataclass
class Roster:
    """All processes heard of."""

    entries: dict[str, Heard] = field(default_factory=dict)

    def hear(self, client_id: str, now_s: float, offset: Offset | None) -> Heard:
        """A ping has come."""
        known = self.entries.get(client_id)
        if known is None:
            known = Heard(client_id, f"w{len(self.entries)}", now_s)
        self.entries[client_id] = heard = replace(known, heard_s=now_s, offset=offset)
        return heard

    def update(self, client_id: str, **changes: object) -> None:
        """Note something else about a process."""
        if client_id in self.entries:
            self.entries[client_id] = replace(self.entries[client_id], **changes)  # type: ignore[arg-type]  # fields of Heard

    def alive(self, now_s: float) -> list[Heard]:
        """Processes heard of late, by name."""
        return [one for one in self.entries.values() if now_s - one.heard_s < LOST_AFTER_S]

    def present(self, now_s: float) -> list[Heard]:
        """Those of them that stay."""
        return [one for one in self.alive(now_s) if not one.leaving]

    def able(self, run_id: str, now_s: float) -> list[Heard]:
        """Those of the present that may send in the run: clock known, prepared, not refused."""
        return [
            one
            for one in self.present(now_s)
            if one.offset and one.prepared_for == run_id and not one.refused
        ]

    def by_member(self, member: str) -> Heard | None:
        """The process of a member's name."""
        return next((one for one in self.entries.values() if one.member == member), None)

    def free_from_s(self, member: str) -> float:
        """From when on the member surely sends nothing without being heard again."""
        one = self.by_member(member)
        if one is None:
            return 0.0
        error_s = one.offset.error_s if one.offset else 0.0
        return one.heard_s + LEASE_S + error_s + TAKEOVER_MARGIN_S
