"""How near arrivals at the server come to the law that was asked for."""

import numpy as np


def settled(arrivals_s: np.ndarray, skip_s: float) -> np.ndarray:
    """The arrivals without the first seconds, in which connections open and users start."""
    if not len(arrivals_s):
        return arrivals_s
    return arrivals_s[arrivals_s >= arrivals_s[0] + skip_s]


def variation(gaps_s: np.ndarray) -> float:
    """Coefficient of variation, std / mean: 0 for equidistant arrivals, 1 for Poisson."""
    return float(np.std(gaps_s) / np.mean(gaps_s))


def exponential_distance(gaps_s: np.ndarray, rate_rps: float) -> float:
    """Kolmogorov-Smirnov D: the largest distance to the exponential law of that rate."""
    ordered = np.sort(gaps_s)
    law = -np.expm1(-rate_rps * ordered)
    n = len(ordered)
    above = np.arange(1, n + 1) / n - law
    below = law - np.arange(n) / n
    return float(max(above.max(), below.max()))


def distance_to_law(gaps_s: np.ndarray, rate_rps: float, law: str) -> float:
    """Mean distance of the gaps to the law's own, in mean gaps (Wasserstein's first).

    The one measure that both laws have: how far, on average, a gap is from what it would be. A
    perfect Poisson process of n gaps has about 1 / sqrt(n), for its gaps are drawn.
    """
    ordered = np.sort(gaps_s) * rate_rps
    return float(np.mean(np.abs(ordered - law_quantiles(law, len(ordered)))))


def law_quantiles(law: str, count: int) -> np.ndarray:
    """The middle of each of so many equal parts of a law with mean 1."""
    if law == "uniform":
        return np.ones(count)
    return -np.log1p(-(np.arange(count) + 0.5) / count)


def dispersion(arrivals_s: np.ndarray, bin_s: float) -> float | None:
    """Variance / mean of the counts in bins: 1 for Poisson, near 0 for equidistant arrivals.

    None where arrivals span less than two bins.
    """
    bins = int((arrivals_s[-1] - arrivals_s[0]) / bin_s)
    if bins < 2:  # noqa: PLR2004 - a variance needs two
        return None
    numbers = ((arrivals_s - arrivals_s[0]) / bin_s).astype(int)
    counts = np.bincount(numbers[numbers < bins], minlength=bins)
    return float(np.var(counts) / np.mean(counts))


def off_plan_s(arrivals_s: np.ndarray, rate_rps: float) -> np.ndarray:
    """How far each arrival is from equidistant times of that rate, their common offset aside."""
    off_s = arrivals_s - np.arange(len(arrivals_s)) / rate_rps
    return np.abs(off_s - np.median(off_s))
