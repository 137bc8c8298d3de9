"""A trace of counts: how often each function is called in each bin of time."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapes.errors import InvalidValue
from shapes.operational_time import NANO
from shapes.rate_log import RateLog
from shapes.traces.asked import MODES
from shapes.traces.bins import bin_rates
from shapes.traces.packing import packed, unpacked
from shapes.traces.source import TraceSource

KIND = "counts"
QUANTILES = (0.0, 0.01, 0.25, 0.5, 0.75, 0.99, 1.0)
"""Of each function's durations: those that the Azure Functions traces give."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class CountTrace:
    """Counts of several functions, as a plan holds them.

    Attributes:
        bin_s: Length of a bin, seconds of the run.
        mode: Where the arrivals of a bin lie: one of `MODES`.
        rate_factor: Of the counts so many are sent.
        keys: Packed: a number for each function, from its name.
        counts: Packed: row by row the bins of each function.
        spins_us: Packed: `QUANTILES` of each function's work in microseconds, -1 where unknown;
            "" when known of none.
        source: The file behind it.

    Raises:
        InvalidValue: when its parts do not fit each other.
    """

    bin_s: float
    mode: str
    rate_factor: float
    keys: str
    counts: str
    spins_us: str
    source: TraceSource

    def __post_init__(self) -> None:
        keys, counts = self.function_keys.size, unpacked(self.counts)
        fits = keys and counts.size and not counts.size % keys and counts.min() >= 0
        has_spins = not self.spins_us or unpacked(self.spins_us).size == keys * len(QUANTILES)
        if self.mode not in MODES or not fits or not has_spins:
            raise InvalidValue("a trace of counts is damaged; valid: as a plan has it")

    @classmethod
    def of(
        cls,
        *,
        bin_s: float,
        mode: str,
        rate_factor: float,
        keys: Numbers,
        counts: Numbers,
        spins_us: Numbers | None,
        source: TraceSource,
    ) -> "CountTrace":
        """The trace of these arrays: `counts` and `spins_us` have a row for each function."""
        spins = "" if spins_us is None else packed(spins_us)
        return cls(bin_s, mode, rate_factor, packed(keys), packed(counts), spins, source)

    @cached_property
    def function_keys(self) -> Numbers:
        """A number for each function, from its name."""
        return unpacked(self.keys)

    @cached_property
    def table(self) -> Numbers:
        """Counts by function and bin."""
        return unpacked(self.counts).reshape(self.function_keys.size, -1)

    @cached_property
    def spin_quantiles_us(self) -> Numbers | None:
        """`QUANTILES` of work by function, microseconds; None when nothing is known."""
        if not self.spins_us:
            return None
        return unpacked(self.spins_us).reshape(-1, len(QUANTILES))

    @property
    def rate_nano(self) -> int:
        """The rate factor in nano-units."""
        return round(self.rate_factor * NANO)

    @cached_property
    def rates(self) -> RateLog:
        """The rate that the counts come to, level over each bin, and 0 after the last."""
        return bin_rates(self.table.sum(axis=0) * (self.rate_nano / NANO), self.bin_s)

    @property
    def length_s(self) -> float:
        """When its last bin is over."""
        return self.rates.segments[-1].start_s

    @property
    def has_spins(self) -> bool:
        """Whether it says of every call how much work to do."""
        known = self.spin_quantiles_us
        return known is not None and bool((known >= 0).all())

    def to_dict(self) -> dict[str, Any]:
        """Plain values for messages and files."""
        own = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {"kind": KIND, **own, "source": self.source.to_dict()}
