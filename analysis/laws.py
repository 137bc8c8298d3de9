"""The inverse of the laws' gap distributions, to draw quantiles against quantiles.

Gaps are in operational time, where every law has mean 1; the distributions themselves are those
the verdict judges by.
"""

import numpy as np

from shapes.laws import Law
from verdict.arrival_law import gap_cdf

_FINE = np.linspace(0, 20, 20_001)
_FAR = np.geomspace(20.001, 10_000, 40_000)
_GRID = np.concatenate([_FINE, _FAR])


def gap_quantile(law: Law, probability: np.ndarray) -> np.ndarray:
    """The gap that a share `probability` of the law's gaps stays below, in mean gaps.

    Some laws have no closed inverse: all are read from one fine table, which is exact enough to
    draw against.
    """
    return np.asarray(np.interp(probability, gap_cdf(law, _GRID), _GRID))
