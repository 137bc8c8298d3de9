"""Rank tests and robust slopes of a short series: numpy only."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def theil_sen_slope(values: Floats) -> float:
    """Median slope over all pairs of points, a step (Sen, JASA 63, 1968)."""
    i, j = np.triu_indices(len(values), k=1)
    return float(np.median((values[j] - values[i]) / (j - i)))


def mann_kendall_p(values: Floats) -> float:
    """Two-sided p-value of no monotone trend; normal approximation with ties (Mann 1945)."""
    n = len(values)
    i, j = np.triu_indices(n, k=1)
    score = float(np.sign(values[j] - values[i]).sum())
    ties = np.unique(values, return_counts=True)[1]
    variance = (_weight(np.array([n])).sum() - _weight(ties).sum()) / 18
    if variance <= 0:
        return 1.0
    z = max(abs(score) - 1, 0) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))


def _weight(sizes: NDArray[np.int64]) -> Floats:
    return np.asarray(sizes * (sizes - 1.0) * (2.0 * sizes + 5.0))


def mser_cut(values: Floats) -> int:
    """How many leading points to leave out so that the mean of the rest is known best.

    MSER (White, Simulation 69, 1997): the cut d that minimises the squared standard error of the
    mean of what is left; at most half of the points.
    """
    n = len(values)
    errors = [float(values[d:].var()) / (n - d) for d in range(n // 2 + 1)]
    return int(np.argmin(errors))
