"""The arrivals of a trace of counts, bin by bin, each function from a stream of its own.

What one function does depends on the seed and on its own name and counts, never on which other
functions are there. Given the counts, arrivals that are independent and uniform over each bin are
a Poisson process of which the counts are known (Kingman, "Poisson Processes", 1993, section 2.4).
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from shapes.hashing import TRACE_STREAM, hash64
from shapes.operational_time import NANO
from shapes.philox_words import (
    TRACE_COUNTS,
    TRACE_PHASES,
    TRACE_POSITIONS,
    TRACE_SPINS,
    top_53_bits,
    words,
)
from shapes.poisson_counts import poisson_counts
from shapes.traces.asked import EQUIDISTANT, POISSON
from shapes.traces.count_trace import QUANTILES, CountTrace

_CACHED_BINS = 8
_STEP = 2.0**-53
_MICRO = 1e-6

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


class CountBlocks:
    """The blocks of a trace and a seed: one for each bin."""

    def __init__(self, trace: CountTrace, seed: int) -> None:
        self._trace = trace
        self._seeds = hash64(seed, trace.function_keys, TRACE_STREAM).tolist()
        self._starts_nano = trace.rates.starts_nano
        self._phases = np.array([_phase(one) for one in self._seeds])
        self._counts = self._drawn() if trace.mode == POISSON else self._scaled()
        self._first_k = np.concatenate([[0], np.cumsum(self._counts.sum(axis=0))])
        self._bin = lru_cache(maxsize=_CACHED_BINS)(self._make_bin)

    @property
    def total(self) -> int:
        """All arrivals."""
        return int(self._first_k[-1])

    def arrivals(self, block: int) -> Numbers:
        """E_k of the bin's arrivals, in nano-units, sorted."""
        return self._bin(block)[0]

    def spins_s(self, block: int) -> Floats:
        """Seconds of work of the bin's arrivals, in their order; NaN where not known."""
        return self._bin(block)[1]

    def first_k(self, block: int) -> int:
        """How many arrivals the bins before this one have."""
        return int(self._first_k[block])

    def block_of(self, k: int) -> int:
        """The bin that holds arrival k, which is below the total."""
        return int(np.searchsorted(self._first_k, k, side="right")) - 1

    def block_at(self, nano: int) -> int:
        """The bin that holds the operational time `nano`; the last for all after it."""
        found = int(np.searchsorted(self._starts_nano, nano, side="right")) - 1
        return min(found, int(self._counts.shape[1]) - 1)

    def _scaled(self) -> Numbers:
        """Counts times the rate factor: what is left of a bin goes on to the function's next."""
        passed = np.cumsum(self._trace.table, axis=1) * self._trace.rate_nano
        carried = (self._phases * NANO).astype(np.int64)[:, None] % NANO
        return np.diff((passed + carried) // NANO, axis=1, prepend=0)

    def _drawn(self) -> Numbers:
        """Poisson counts with the scaled counts for means."""
        table = self._trace.table
        raw = np.array([words(one, TRACE_COUNTS, table.shape[1]) for one in self._seeds])
        drawn = np.zeros_like(table)
        for count, cells in _cells_by_count(table):
            mean_nano = count * self._trace.rate_nano
            drawn.ravel()[cells] = poisson_counts(raw.ravel()[cells], mean_nano)
        return drawn

    def _make_bin(self, block: int) -> tuple[Numbers, Floats]:
        start, end = self._starts_nano[block : block + 2].tolist()
        active = np.flatnonzero(self._counts[:, block]).tolist()
        if not active:
            return np.empty(0, np.int64), np.empty(0)
        places = np.concatenate([self._places(function, block) for function in active])
        spins_s = np.concatenate([self._spins(function, block) for function in active])
        order = np.argsort(places, kind="stable")
        nano = np.minimum((places[order] * (end - start)).astype(np.int64), max(end - start - 1, 0))
        return nano + start, spins_s[order]

    def _places(self, function: int, block: int) -> Floats:
        """Where in the bin the function's arrivals lie, from 0 to 1."""
        count = int(self._counts[function, block])
        if self._trace.mode == EQUIDISTANT:
            return np.asarray((np.arange(count) + self._phases[function]) / count)
        raw = words(self._seeds[function], TRACE_POSITIONS, count, sequence=block)
        return top_53_bits(raw) * _STEP

    def _spins(self, function: int, block: int) -> Floats:
        """By the inverse of the function's distribution, linear between the known quantiles."""
        count, known = int(self._counts[function, block]), self._trace.spin_quantiles_us
        if known is None or known[function, 0] < 0:
            return np.full(count, np.nan)
        raw = words(self._seeds[function], TRACE_SPINS, count, sequence=block)
        shares = top_53_bits(raw) * _STEP
        return np.asarray(np.rint(np.interp(shares, QUANTILES, known[function])) * _MICRO)


def _phase(seed: int) -> float:
    """Where a function's equidistant arrivals lie between two of them: not all at once."""
    return float(top_53_bits(words(seed, TRACE_PHASES, 1))[0] * _STEP)


def _cells_by_count(table: Numbers) -> Iterator[tuple[int, Numbers]]:
    """Each count above 0 with the flat places of the cells that have it."""
    cells = np.flatnonzero(table)
    cells = cells[np.argsort(table.ravel()[cells], kind="stable")]
    counts, firsts = np.unique(table.ravel()[cells], return_index=True)
    yield from zip(counts.tolist(), np.split(cells, firsts[1:]), strict=False)
