"""Bounded sums of a run, or of one member's share of it: mergeable, plain values in a message."""

from collections.abc import Iterable
from typing import Any, Protocol

from verdict.sent_gaps import SentGaps
from verdict.tally import Tally
from verdict.windows import Windows

SUMMARY_FORMAT = 1


class RunSummary:
    """What members know of the arrivals they owned.

    Attributes:
        members: Names of the members it holds.
        warm_up: Arrivals intended before the end of the warm-up.
        measured: The others.
        windows: All of them over time.
        gaps: Sends of the measured phase.
    """

    def __init__(
        self,
        members: tuple[str, ...],
        warm_up: Tally,
        measured: Tally,
        windows: Windows,
        gaps: SentGaps,
    ) -> None:
        self.members = members
        self.warm_up = warm_up
        self.measured = measured
        self.windows = windows
        self.gaps = gaps

    @property
    def totals(self) -> "RunSummary":
        """Itself: what a live member's summary has under the same name."""
        return self

    def whole(self) -> Tally:
        """Both phases together."""
        tally = Tally()
        tally.merge(self.warm_up)
        tally.merge(self.measured)
        return tally

    def merge(self, other: "RunSummary") -> None:
        """Pool another member's arrivals into this one."""
        self.members += other.members
        self.warm_up.merge(other.warm_up)
        self.measured.merge(other.measured)
        self.windows.merge(other.windows)
        self.gaps.merge(other.gaps)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that msgpack and JSON hold."""
        return {
            "format": SUMMARY_FORMAT,
            "members": list(self.members),
            "warm_up": self.warm_up.to_dict(),
            "measured": self.measured.to_dict(),
            "windows": self.windows.to_dict(),
            "gaps": self.gaps.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "RunSummary":
        """The summary that `to_dict` described.

        Raises:
            ValueError: for another version of the format.
        """
        if values.get("format") != SUMMARY_FORMAT:
            raise ValueError(
                f"a member's summary has format {values.get('format')!r}, not {SUMMARY_FORMAT}"
            )
        return cls(
            tuple(values["members"]),
            Tally.from_dict(values["warm_up"]),
            Tally.from_dict(values["measured"]),
            Windows.from_dict(values["windows"]),
            SentGaps.from_dict(values["gaps"]),
        )


class Summarised(Protocol):
    """A live member's summary or one that was received."""

    @property
    def totals(self) -> RunSummary:
        """The sums."""
        ...


def empty_summary(law: str, warm_up_s: float) -> RunSummary:
    """A summary of nothing yet."""
    return RunSummary((), Tally(), Tally(), Windows(), SentGaps(law, warm_up_s))


def merge(summaries: Iterable[Summarised], law: str, warm_up_s: float) -> RunSummary:
    """All members' arrivals together: the same as if one member had owned them all."""
    merged = empty_summary(law, warm_up_s)
    for summary in summaries:
        merged.merge(summary.totals)
    return merged
