"""Two arms, pair by pair: how many times larger B is than A, or by how much."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from analysis.statistics.effect import Difference, Ratio
from analysis.statistics.interval import t_half_width
from analysis.statistics.repetitions import FEWEST_REPETITIONS

_FEW = f"fewer than {FEWEST_REPETITIONS} pairs"
_NOT_POSITIVE = "a value is not finite, or not above 0"
_NOT_FINITE = "a value is not finite"
_FEWEST_TO_CORRELATE = 3
_NAN = float("nan")


def paired_log_ratio(a_per_rep: np.ndarray, b_per_rep: np.ndarray) -> Ratio:
    """Student's t interval over the pairs' log(b / a), given as ratios.

    Args:
        a_per_rep: One positive value a repetition.
        b_per_rep: The same of B, pair by pair. With common random numbers both of a pair met the
            same arrivals; laws of arrival pair by repetition only.
    """
    return overall_ratio([(a_per_rep, b_per_rep)])


def overall_ratio(cells: Sequence[tuple[np.ndarray, np.ndarray]]) -> Ratio:
    """The mean log ratio over cells, each as heavy as any other: one answer for a whole grid.

    Args:
        cells: For each stable cell what A and B came to in the same repetitions.

    Averaged over the cells within each repetition first: the repetitions are the blocks in which
    runs were made, so what disturbed a whole block counts once.
    """
    lengths = {len(values) for cell in cells for values in cell}
    if len(lengths) != 1:
        return no_ratio("the cells have not the same repetitions", 0)
    a, b = (np.array([cell[side] for cell in cells], float) for side in (0, 1))
    if not (_all_positive(a) and _all_positive(b)):
        return no_ratio(_NOT_POSITIVE, lengths.pop())
    return _ratio(np.log(a).mean(axis=0), np.log(b).mean(axis=0))


def no_ratio(reason: str, pairs: int) -> Ratio:
    """A ratio that is not given, and why."""
    return Ratio(_NAN, _NAN, _NAN, _NAN, pairs, _NAN, reason)


def paired_difference(a_per_rep: np.ndarray, b_per_rep: np.ndarray) -> Difference:
    """Student's t interval over the pairs' b - a: for shares, and for what may be 0."""
    a, b = np.asarray(a_per_rep, float), np.asarray(b_per_rep, float)
    if not (a.size and np.isfinite(a).all() and np.isfinite(b).all()):
        return Difference(_NAN, _NAN, _NAN, _NAN, len(a), _NAN, _NOT_FINITE)
    mean, correlation = float((b - a).mean()), correlation_of(a, b)
    if len(a) < FEWEST_REPETITIONS:
        return Difference(mean, _NAN, _NAN, _NAN, len(a), correlation, _FEW)
    half = t_half_width(b - a)
    low, high, p = mean - half, mean + half, p_of_mean(b - a)
    return Difference(mean, low, high, p, len(a), correlation, freedom=len(a) - 1)


def _ratio(log_a: np.ndarray, log_b: np.ndarray) -> Ratio:
    logs = log_b - log_a
    estimate, correlation = float(np.exp(logs.mean())), correlation_of(log_a, log_b)
    if len(logs) < FEWEST_REPETITIONS:
        return Ratio(estimate, _NAN, _NAN, _NAN, len(logs), correlation, _FEW)
    reach = float(np.exp(t_half_width(logs)))
    low, high = estimate / reach, estimate * reach
    p, pairs = p_of_mean(logs), len(logs)
    return Ratio(estimate, low, high, p, pairs, correlation, freedom=pairs - 1)


def p_of_mean(gaps: np.ndarray, widened: float = 1.0) -> float:
    """P-value of Student's t test that their mean is 0; exactly equal gaps leave no doubt.

    `widened` is how many times larger the error is than that of independent gaps.
    """
    mean, spread = float(gaps.mean()), float(gaps.std(ddof=1))
    if spread == 0:
        return 1.0 if mean == 0 else 0.0
    t = abs(mean) / (spread * widened) * np.sqrt(len(gaps))
    return float(2 * stats.t.sf(t, len(gaps) - 1))


def correlation_of(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's correlation; NaN below three pairs, or where one of the two does not vary."""
    spread = float(a.std() * b.std())
    if len(a) < _FEWEST_TO_CORRELATE or spread == 0:
        return _NAN
    return float(((a - a.mean()) * (b - b.mean())).mean()) / spread


def _all_positive(values: np.ndarray) -> bool:
    return bool(values.size and np.isfinite(values).all() and (values > 0).all())
