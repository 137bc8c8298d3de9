"""Arrivals of a unit-rate process in operational time, from any place in it.

A process is made of blocks, each computed alone from the seed; `BlockProcess` joins them.
"""

from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shapes.gap_blocks import BurstyGaps, GapBlocks, UniformGaps
from shapes.laws import BURSTY, POISSON, TRACE, UNIFORM, Law
from shapes.operational_time import NANO
from shapes.poisson_blocks import PoissonBlocks

_CACHED_BLOCKS = 8
_CACHED_PROCESSES = 8


class UnitProcess(Protocol):
    """The arrivals E_0 <= E_1 <= ... of one law and seed, in nano-units of operational time."""

    def slice(self, first_k: int, count: int) -> NDArray[np.int64]:
        """E_k for k = first_k .. first_k + count - 1, never decreasing."""
        ...

    def count_before(self, nano: int) -> int:
        """How many arrivals have E_k < nano."""
        ...


class Blocks(Protocol):
    """A process cut into blocks of consecutive arrivals."""

    def arrivals(self, block: int) -> NDArray[np.int64]:
        """E_k of the block's arrivals, never decreasing; may be empty."""
        ...

    def first_k(self, block: int) -> int:
        """The k of the block's first arrival: how many arrivals the blocks before it have."""
        ...

    def block_of(self, k: int) -> int:
        """The block that holds arrival k."""
        ...

    def block_at(self, nano: int) -> int:
        """A block such that all arrivals of those before it are < nano, and of those after not."""
        ...


class EquidistantProcess:
    """E_k = k: the first arrival at 0, then one at each unit."""

    def slice(self, first_k: int, count: int) -> NDArray[np.int64]:
        """E_k for k = first_k .. first_k + count - 1."""
        return np.arange(first_k, first_k + count, dtype=np.int64) * NANO

    def count_before(self, nano: int) -> int:
        """How many arrivals have E_k < nano."""
        return max(0, -(-nano // NANO))


class BlockProcess:
    """The process that the blocks add up to; keeps the few blocks last used."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._arrivals = lru_cache(maxsize=_CACHED_BLOCKS)(self._shared_arrivals)

    def slice(self, first_k: int, count: int) -> NDArray[np.int64]:
        """E_k for k = first_k .. first_k + count - 1; a read-only view where it can be one."""
        if count <= 0:
            return np.empty(0, np.int64)
        first = self._blocks.block_of(first_k)
        last = self._blocks.block_of(first_k + count - 1)
        skipped = first_k - self._blocks.first_k(first)
        if first == last:
            return self._arrivals(first)[skipped : skipped + count]
        joined = np.concatenate([self._arrivals(block) for block in range(first, last + 1)])
        return joined[skipped : skipped + count]

    def count_before(self, nano: int) -> int:
        """How many arrivals have E_k < nano."""
        if nano <= 0:
            return 0
        block = self._blocks.block_at(nano)
        within = np.searchsorted(self._arrivals(block), nano, side="left")
        return self._blocks.first_k(block) + int(within)

    def _shared_arrivals(self, block: int) -> NDArray[np.int64]:
        arrivals = self._blocks.arrivals(block)
        arrivals.flags.writeable = False
        return arrivals


# A pure value, kept so that a new version of a plan does not start again from the first arrival.
@lru_cache(maxsize=_CACHED_PROCESSES)
def unit_process(law: Law, seed: int) -> UnitProcess:
    """The process of a law (see `shapes.laws`) and a seed from 0 to 2^64 - 1.

    Raises:
        ValueError: for a trace, which is a process of its own (`shapes.traces`).
    """
    if law.name == TRACE:
        raise ValueError("a trace is no law; valid: its own process")
    if law.name == UNIFORM:
        return EquidistantProcess()
    if law.name == POISSON:
        return BlockProcess(PoissonBlocks(seed))
    gaps = BurstyGaps(seed, law.cv) if law.name == BURSTY else UniformGaps(seed)
    return BlockProcess(GapBlocks(gaps))
