"""Where a trace came from, and what of it was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shapes.errors import InvalidValue


@dataclass(frozen=True)
class TraceSource:
    """The file behind a trace.

    Attributes:
        file: Its name, without folders.
        sha256: Of its bytes, in hex.
        layout: How it was read.
        rows: Rows that were used.
        left_out: Sentences: rows that make no sense, with how many there are of each kind.
    """

    file: str
    sha256: str
    layout: str
    rows: int
    left_out: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {**vars(self), "left_out": list(self.left_out)}

    @classmethod
    def from_dict(cls, values: Any) -> "TraceSource":
        """The source that `to_dict` wrote.

        Raises:
            InvalidValue: for anything else.
        """
        try:
            return cls(**{**values, "left_out": tuple(values["left_out"])})
        except (TypeError, KeyError):
            raise InvalidValue(f"source of a trace is {values!r:.80}") from None


@dataclass
class LeftOut:
    """Rows that make no sense, collected while a file is read.

    Rows are named by number and never quoted: a file that was named by mistake stays private.
    """

    first: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, reason: str, row: int) -> None:
        """Note a row.

        Args:
            reason: What is wrong with it, as "its duration is negative".
            row: Its number in the file; the first line is 1.
        """
        self.first.setdefault(reason, row)
        self.counts[reason] = self.counts.get(reason, 0) + 1

    def sentences(self) -> Sequence[str]:
        """One sentence a kind."""
        return [
            f"{count} {'row' if count == 1 else 'rows'} left out: {reason}"
            f" ({'row' if count == 1 else 'the first is row'} {self.first[reason]})"
            for reason, count in self.counts.items()
        ]
