"""Latency percentiles as HdrHistogram writes them, for its plotter and whatever else reads them.

The levels are HdrHistogram's own (five to each halving of what is left, `PercentileIterator` of
HdrHistogram 2.1), so curves of several runs fall on each other. The values are exact, not those of
buckets.
"""

from collections.abc import Iterator

import numpy as np

TICKS_A_HALVING = 5
_HEAD = f"{'Value':>12} {'Percentile':>14} {'TotalCount':>10} {'1/(1-Percentile)':>14}"
_MILLI = 1000.0


def hgrm_lines(latencies_s: np.ndarray) -> Iterator[str]:
    """The lines of a `.hgrm` file, values in milliseconds.

    Args:
        latencies_s: Of every call that was sent; +inf for those that did not come back well. They
            count in every percentile, and the curve ends where they begin.
    """
    ordered = np.sort(latencies_s)
    answered = int(np.isfinite(ordered).sum())
    yield _HEAD
    yield ""
    yield from _levels(ordered[:answered] * _MILLI, len(ordered))
    yield from _footer(ordered[:answered] * _MILLI, len(ordered))


def percentile_levels(total: int) -> Iterator[float]:
    """HdrHistogram's levels as shares, from 0 up to the last below that of the greatest value."""
    level = 0.0
    while level < 1.0 - 1.0 / max(total, 1):
        yield level
        halvings = int(np.log2(1.0 / (1.0 - level)) + 1e-9) + 1
        level += 1.0 / (TICKS_A_HALVING * 2**halvings)


def _levels(answered_ms: np.ndarray, total: int) -> Iterator[str]:
    for level in percentile_levels(total):
        rank = max(int(np.ceil(level * total - 1e-9)), 1)
        if rank > len(answered_ms):
            return
        value_ms = answered_ms[rank - 1]
        count = int(np.searchsorted(answered_ms, value_ms, side="right"))
        yield f"{value_ms:12.3f} {level:14.12f} {count:10d} {1 / (1 - level):14.2f}"
    if len(answered_ms) == total:
        yield f"{answered_ms[-1]:12.3f} {1.0:14.12f} {total:10d}"


def _footer(answered_ms: np.ndarray, total: int) -> Iterator[str]:
    failed = total - len(answered_ms)
    if failed:
        share = len(answered_ms) / total
        yield f"#[Not answered well = {failed} of {total}: the curve ends at {share:.6f}]"
    if len(answered_ms):
        mean, deviation = answered_ms.mean(), answered_ms.std()
        yield f"#[Mean    = {mean:12.3f}, StdDeviation   = {deviation:12.3f}]"
        yield f"#[Max     = {answered_ms[-1]:12.3f}, Total count    = {total:12d}]"
