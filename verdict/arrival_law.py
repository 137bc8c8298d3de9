"""How far gaps are from a law, by distance first and by p-value second.

All gaps are in operational time (the rate's integral between two sends), where every law has mean 1
whatever the rate does. A p-value alone would reject one perfect run in twenty at 5 % and every long
one; a distance alone would condemn short runs for their few arrivals.
"""

import math

import numpy as np
from numpy.typing import NDArray

from shapes.laws import Law

Floats = NDArray[np.float64]


def gap_cdf(law: Law, gaps: Floats) -> Floats:
    """Probability that a gap of the law is at most so long; for i.i.d. laws of mean 1.

    Poisson: 1 - exp(-x). Uniform gaps: U(0, 2). Bursty: the two-phase hyperexponential with
    balanced means, p = (1 + sqrt((c^2 - 1) / (c^2 + 1))) / 2 and rates 2p and 2(1 - p)
    (Whitt, "Approximating a point process by a renewal process", 1982).
    """
    gaps = np.maximum(gaps, 0.0)
    if law.name == "uniform-gap":
        return np.minimum(gaps / 2, 1.0)
    if law.name == "bursty":
        p = _quick_share(law.cv)
        quick, slow = np.exp(-2 * p * gaps), np.exp(-2 * (1 - p) * gaps)
        return np.asarray(1 - p * quick - (1 - p) * slow)
    return np.asarray(-np.expm1(-gaps))


def _quick_share(cv: float) -> float:
    return (1 + math.sqrt((cv**2 - 1) / (cv**2 + 1))) / 2


def ks_distance(probabilities: Floats) -> float:
    """Kolmogorov-Smirnov distance of a sample, given its values' probabilities under the law."""
    ordered = np.sort(probabilities)
    n = len(ordered)
    steps = np.arange(n + 1) / n
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def ks_distance_binned(counts: NDArray[np.int64]) -> float:
    """The same from counts in equally probable bins: at most one bin's probability too small."""
    sample = np.cumsum(counts) / counts.sum()
    law = np.arange(1, len(counts) + 1) / len(counts)
    return float(np.abs(sample - law).max())


def ks_distance_of_two(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """The distance between two samples counted in the same bins."""
    steps = np.cumsum(first) / first.sum() - np.cumsum(second) / second.sum()
    return float(np.abs(steps).max())


def kolmogorov_p(distance: float, n: int) -> float:
    """Probability of at least this distance when the law holds.

    Kolmogorov's asymptotic series with Stephens' correction for small n (JRSS B 32, 1970).
    """
    scaled = distance * (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n))
    if scaled < 0.2:  # noqa: PLR2004 - the series alternates too slowly here; p is 1 to 15 digits
        return 1.0
    terms = ((-1) ** (j - 1) * math.exp(-2 * (j * scaled) ** 2) for j in range(1, 101))
    return min(1.0, max(0.0, 2 * math.fsum(terms)))
