"""Renewal processes: arrivals as sums of independent gaps, block by block.

Each gap is rounded to whole nano-units before it is summed, so that sums are exact integers.
A block starts at the sum of all gaps before it; the starts are found by streaming, once.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shapes.exact_log import exact_log
from shapes.operational_time import NANO
from shapes.philox_words import BURSTY_GAPS, BURSTY_PHASES, UNIFORM_GAPS, top_53_bits, words

BLOCK_GAPS = 2048
_STREAMED_BLOCKS = 8
_STEPS = 2.0**53

Gaps = Callable[[int, int], NDArray[np.int64]]
"""(first, count) to the independent gaps first .. first + count - 1 of mean 1, in nano-units."""


class GapBlocks:
    """The renewal process with the given gaps: arrival k comes at the end of gap k."""

    def __init__(self, gaps: Gaps) -> None:
        self._gaps = gaps
        self._starts_nano = [0]

    def arrivals(self, block: int) -> NDArray[np.int64]:
        """E_k of the block's arrivals, in nano-units, sorted."""
        while block >= len(self._starts_nano):
            self._stream()
        gaps = self._gaps(self.first_k(block), BLOCK_GAPS)
        ends = np.cumsum(gaps) + self._starts_nano[block]
        if block + 1 == len(self._starts_nano):
            self._starts_nano.append(int(ends[-1]))
        return ends

    def first_k(self, block: int) -> int:
        """How many arrivals the blocks before this one have."""
        return block * BLOCK_GAPS

    def block_of(self, k: int) -> int:
        """The block that holds arrival k."""
        return k // BLOCK_GAPS

    def block_at(self, nano: int) -> int:
        """The block that holds the first arrival at or after `nano`, which is above 0."""
        while self._starts_nano[-1] < nano:
            self._stream()
        return bisect_left(self._starts_nano, nano) - 1

    def _stream(self) -> None:
        """Find the starts of the next few blocks."""
        first = self.first_k(len(self._starts_nano) - 1)
        gaps = self._gaps(first, _STREAMED_BLOCKS * BLOCK_GAPS)
        lengths = gaps.reshape(_STREAMED_BLOCKS, BLOCK_GAPS).sum(axis=1)
        self._starts_nano += (self._starts_nano[-1] + np.cumsum(lengths)).tolist()


@dataclass(frozen=True)
class UniformGaps:
    """Gaps drawn from the uniform distribution on [0, 2)."""

    seed: int

    def __call__(self, first: int, count: int) -> NDArray[np.int64]:
        """Gaps first .. first + count - 1 in nano-units; `first` is a multiple of 4."""
        raw = words(self.seed, UNIFORM_GAPS, count, first=first)
        return (top_53_bits(raw) * (2 * NANO / _STEPS)).astype(np.int64)


@dataclass(frozen=True)
class BurstyGaps:
    """Gaps of the balanced two-phase hyperexponential distribution with mean 1.

    With probability p = (1 + sqrt((cv^2 - 1) / (cv^2 + 1))) / 2 a gap is exponential with rate 2 p,
    else with rate 2 (1 - p): both phases carry half of the mean (Whitt, "Approximating a point
    process by a renewal process, I", Operations Research 30, 1982, section 3).
    """

    seed: int
    cv: float

    def __call__(self, first: int, count: int) -> NDArray[np.int64]:
        """Gaps first .. first + count - 1 in nano-units; `first` is a multiple of 4."""
        squared = self.cv * self.cv
        short_share = 0.5 * (1.0 + math.sqrt((squared - 1.0) / (squared + 1.0)))
        phases = top_53_bits(words(self.seed, BURSTY_PHASES, count, first=first))
        is_short = phases < short_share * _STEPS
        mean_nano = np.where(is_short, 0.5 * NANO / short_share, 0.5 * NANO / (1.0 - short_share))
        return np.rint(self._exponentials(first, count) * mean_nano).astype(np.int64)

    def _exponentials(self, first: int, count: int) -> NDArray[np.float64]:
        steps = top_53_bits(words(self.seed, BURSTY_GAPS, count, first=first))
        # Over (0, 1], not [0, 1): the logarithm of 0 is not a gap.
        return -exact_log((steps + 1.0) * (1.0 / _STEPS))
