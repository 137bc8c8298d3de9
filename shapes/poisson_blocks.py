"""The Poisson process of rate 1, block by block.

Cut operational time into blocks of `BLOCK_UNITS`. The number of arrivals in each is Poisson with
that mean, independent of the others; given the number, the arrivals are independent and
uniform over the block (Kingman, "Poisson Processes", 1993, section 2.4). Drawn that way
the result is the Poisson process itself, and no block needs the ones before it.
"""

import numpy as np
from numpy.typing import NDArray

from shapes.operational_time import NANO
from shapes.philox_words import POISSON_COUNTS, POISSON_POSITIONS, top_53_bits, words
from shapes.poisson_counts import poisson_counts

BLOCK_UNITS = 1024
BLOCK_NANO = BLOCK_UNITS * NANO

_FIRST_BLOCKS = 1024
_NANO_A_STEP = BLOCK_NANO * 2.0**-53


class PoissonBlocks:
    """The blocks of the Poisson process of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._first_k = np.zeros(1, np.int64)

    def arrivals(self, block: int) -> NDArray[np.int64]:
        """E_k of the block's arrivals, in nano-units, sorted."""
        count = self.first_k(block + 1) - self.first_k(block)
        raw = words(self._seed, POISSON_POSITIONS, count, sequence=block)
        # At most BLOCK_NANO - 2^-13 after rounding, so never in the next block.
        positions = (top_53_bits(raw) * _NANO_A_STEP).astype(np.int64)
        positions.sort()
        return positions + block * BLOCK_NANO

    def first_k(self, block: int) -> int:
        """How many arrivals the blocks before this one have."""
        while block >= self._first_k.size:
            self._extend()
        return int(self._first_k[block])

    def block_of(self, k: int) -> int:
        """The block that holds arrival k."""
        while k >= self._first_k[-1]:
            self._extend()
        return int(np.searchsorted(self._first_k, k, side="right")) - 1

    def block_at(self, nano: int) -> int:
        """The block that holds the operational time `nano`."""
        return nano // BLOCK_NANO

    def _extend(self) -> None:
        """Draw as many counts as there are, so that reaching far costs few draws."""
        known = self._first_k
        drawn = known.size - 1
        raw = words(self._seed, POISSON_COUNTS, max(drawn, _FIRST_BLOCKS), first=drawn)
        counts = poisson_counts(raw, BLOCK_NANO)
        self._first_k = np.concatenate([known, known[-1] + np.cumsum(counts)])
