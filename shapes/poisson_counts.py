"""Poisson counts from uniform words, by inverting the distribution: the same on every CPU.

The distribution's table is made with whole numbers throughout.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from shapes.operational_time import NANO

_SCALE_BITS = 256
_WORD_BITS = 64
_KEPT_TABLES = 4096

Table = tuple[int, NDArray[np.uint64]]


def poisson_counts(raw: NDArray[np.uint64], mean_nano: int) -> NDArray[np.int64]:
    """Poisson counts, one for each uniform 64-bit word.

    Args:
        raw: Words.
        mean_nano: Mean of the counts in nano-units, above 0.
    """
    lowest, thresholds = _table(mean_nano)
    return lowest + np.searchsorted(thresholds, raw, side="right").astype(np.int64)


@lru_cache(maxsize=_KEPT_TABLES)
def _table(mean_nano: int) -> Table:
    """The lowest count n that occurs, and floor(2^64 P(count <= m)) for m = n, n + 1, ...

    Weights are relative to the mode's, 2^256, by the ratios p(n + 1) / p(n) = mean / (n + 1);
    those below 2^-128 of the mode are left out.
    """
    mode = mean_nano // NANO
    below = _weights_down(mode, mean_nano)
    weights = [*reversed(below), *_weights_up(mode, mean_nano)]
    total = sum(weights)
    thresholds, passed = [], 0
    for weight in weights:
        passed += weight
        thresholds.append(min((passed << _WORD_BITS) // total, 2**_WORD_BITS - 1))
    return mode - len(below), np.array(thresholds[:-1], dtype=np.uint64)


def _weights_up(mode: int, mean_nano: int) -> list[int]:
    weights, count = [1 << _SCALE_BITS], mode
    while weights[-1] >> (_SCALE_BITS // 2):
        count += 1
        weights.append(weights[-1] * mean_nano // (count * NANO))
    return weights


def _weights_down(mode: int, mean_nano: int) -> list[int]:
    weights, count, weight = [], mode, 1 << _SCALE_BITS
    while count and weight >> (_SCALE_BITS // 2):
        weight = weight * count * NANO // mean_nano
        weights.append(weight)
        count -= 1
    return weights
