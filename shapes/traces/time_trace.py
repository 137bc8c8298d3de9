"""A trace of times: when each call was made, and perhaps how long it worked."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shapes.errors import InvalidValue
from shapes.rate_log import RateLog
from shapes.traces.bins import bin_rates, nice_bin_s
from shapes.traces.packing import packed, unpacked
from shapes.traces.source import TraceSource

KIND = "times"
MICRO = 1_000_000

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class TimeTrace:
    """Times of calls, to the microsecond, as a plan holds them.

    Attributes:
        gaps_us: Packed: from each arrival to the next, the first from 0; microseconds of the run.
        spins_us: Packed: the work of each call, microseconds; "" when it is not known.
        source: The file behind it.

    Raises:
        InvalidValue: when its parts do not fit each other.
    """

    gaps_us: str
    spins_us: str
    source: TraceSource

    def __post_init__(self) -> None:
        gaps = unpacked(self.gaps_us)
        has_spins = not self.spins_us or unpacked(self.spins_us).size == gaps.size
        if not gaps.size or gaps.min() < 0 or not has_spins:
            raise InvalidValue("a trace of times is damaged; valid: as a plan has it")

    @classmethod
    def of(cls, times_us: Numbers, spins_us: Numbers | None, source: TraceSource) -> "TimeTrace":
        """The trace of sorted times from 0 on, with the work of each call if it is known."""
        gaps = np.diff(times_us, prepend=0)
        return cls(packed(gaps), "" if spins_us is None else packed(spins_us), source)

    @cached_property
    def times_s(self) -> NDArray[np.float64]:
        """When each arrival is due, seconds from the epoch."""
        return np.cumsum(unpacked(self.gaps_us)) / MICRO

    @cached_property
    def spins(self) -> NDArray[np.float64] | None:
        """Seconds of work of each call; None when not known."""
        return unpacked(self.spins_us) / MICRO if self.spins_us else None

    @cached_property
    def rates(self) -> RateLog:
        """The rate that the times come to, level over bins, and 0 after the last."""
        bin_s = nice_bin_s(float(self.times_s[-1]))
        places = np.floor(self.times_s / bin_s).astype(np.int64)
        return bin_rates(np.bincount(places).astype(np.float64), bin_s)

    @property
    def length_s(self) -> float:
        """When the bin of its last arrival is over."""
        return self.rates.segments[-1].start_s

    @property
    def has_spins(self) -> bool:
        """Whether it says of every call how much work to do."""
        return bool(self.spins_us)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for messages and files."""
        own = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {"kind": KIND, **own, "source": self.source.to_dict()}
