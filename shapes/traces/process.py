"""The arrivals of a trace as a process in operational time, with the work of each."""

from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shapes.operational_time import NANO
from shapes.traces.count_blocks import CountBlocks
from shapes.traces.count_trace import CountTrace
from shapes.traces.time_trace import TimeTrace
from shapes.unit_process import BlockProcess

_CACHED_PROCESSES = 4

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]
Trace = CountTrace | TimeTrace


class TraceProcess(Protocol):
    """E_0 <= E_1 <= ... of a trace, as those of a law, but with an end."""

    def slice(self, first_k: int, count: int) -> Numbers:
        """E_k for k = first_k .. first_k + count - 1, as far as there are any."""
        ...

    def count_before(self, nano: int) -> int:
        """How many arrivals have E_k < nano."""
        ...

    def spins_s(self, first_k: int, count: int) -> Floats:
        """Seconds of work of the same arrivals; NaN where the trace does not say."""
        ...


class CountProcess:
    """That of a trace of counts; any place in it costs its own bins alone."""

    def __init__(self, trace: CountTrace, seed: int) -> None:
        self._blocks = CountBlocks(trace, seed)
        self._process = BlockProcess(self._blocks)

    def slice(self, first_k: int, count: int) -> Numbers:
        """E_k for k = first_k .. first_k + count - 1, as far as there are any."""
        return self._process.slice(first_k, self._there(first_k, count))

    def count_before(self, nano: int) -> int:
        """How many arrivals have E_k < nano."""
        return self._process.count_before(nano)

    def spins_s(self, first_k: int, count: int) -> Floats:
        """Seconds of work of the same arrivals; NaN where the trace does not say."""
        blocks, there = self._blocks, self._there(first_k, count)
        if there <= 0:
            return np.empty(0)
        first, last = blocks.block_of(first_k), blocks.block_of(first_k + there - 1)
        joined = np.concatenate([blocks.spins_s(block) for block in range(first, last + 1)])
        skipped = first_k - blocks.first_k(first)
        return joined[skipped : skipped + there]

    def _there(self, first_k: int, count: int) -> int:
        return min(count, self._blocks.total - first_k)


class TimeProcess:
    """That of a trace of times: all of it is held."""

    def __init__(self, trace: TimeTrace) -> None:
        self._nano = _operational(trace)
        spins = trace.spins
        self._spins_s = np.full(self._nano.size, np.nan) if spins is None else spins

    def slice(self, first_k: int, count: int) -> Numbers:
        """E_k for k = first_k .. first_k + count - 1, as far as there are any."""
        return self._nano[first_k : first_k + count]

    def count_before(self, nano: int) -> int:
        """How many arrivals have E_k < nano."""
        return int(np.searchsorted(self._nano, nano, side="left"))

    def spins_s(self, first_k: int, count: int) -> Floats:
        """Seconds of work of the same arrivals; NaN where the trace does not say."""
        return self._spins_s[first_k : first_k + count]


def _operational(trace: TimeTrace) -> Numbers:
    """The operational times that the trace's own rates turn back into its times."""
    starts_s = np.array([segment.start_s for segment in trace.rates.segments])
    rates_rps = np.array([segment.rate_rps for segment in trace.rates.segments])
    starts_nano, times_s = trace.rates.starts_nano, trace.times_s
    piece = np.searchsorted(starts_s, times_s, side="right") - 1
    within = np.rint((times_s - starts_s[piece]) * rates_rps[piece] * NANO).astype(np.int64)
    return np.asarray(np.minimum(starts_nano[piece] + within, starts_nano[piece + 1] - 1))


# A pure value, kept so that a new version of a plan does not begin again.
@lru_cache(maxsize=_CACHED_PROCESSES)
def trace_process(trace: Trace, seed: int) -> TraceProcess:
    """The process of a trace and a seed; the seed does not move a trace of times."""
    if isinstance(trace, TimeTrace):
        return TimeProcess(trace)
    return CountProcess(trace, seed)
