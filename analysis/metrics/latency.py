"""Percentiles, distribution and mean of latencies in which failures count as +inf."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

HEADLINE_QUANTILES = (0.5, 0.9, 0.95, 0.99, 0.999)
_TAIL = 200


def percentiles(
    latencies_s: np.ndarray, quantiles: tuple[float, ...] = HEADLINE_QUANTILES
) -> pd.DataFrame:
    """The smallest latency that at least the share `quantile` of all calls stayed within.

    This is the inverse of the empirical distribution: a value that was observed, never one
    interpolated between an answer and a failure. +inf reads as "not reached".

    Returns:
        Columns `quantile`, `latency_s`, `n`.
    """
    ordered = np.sort(latencies_s)
    wanted = np.asarray(quantiles)
    ranks = np.ceil(wanted * len(ordered) - 1e-9).astype(int).clip(1) - 1
    values = ordered[ranks] if len(ordered) else np.full(len(wanted), np.nan)
    return pd.DataFrame({"quantile": wanted, "latency_s": values, "n": len(ordered)})


def distribution(values: np.ndarray, points: int = 1000) -> pd.DataFrame:
    """The empirical distribution, thinned to about `points` rows, its upper tail kept whole.

    Returns:
        Columns `value`, `share` (of all calls, failed ones included) and `share_beyond`; finite
        values only, so `share` ends at the share of calls that were answered.
    """
    ordered = np.sort(values)
    total, finite = len(ordered), int(np.isfinite(ordered).sum())
    rank = _thinned_ranks(finite, points)
    share = (rank + 1) / max(total, 1)
    # Counted, not 1 - share: the difference would leave rounding noise on a logarithmic axis.
    beyond = (total - 1 - rank) / max(total, 1)
    return pd.DataFrame({"value": ordered[rank], "share": share, "share_beyond": beyond})


def _thinned_ranks(count: int, points: int) -> np.ndarray:
    body = np.linspace(0, max(count - 1, 0), points).astype(int) if count else np.empty(0, int)
    tail = np.arange(max(count - _TAIL, 0), count)
    return np.unique(np.concatenate([body, tail]))


@dataclass(frozen=True)
class Mean:
    """An average and what it is the average of.

    Attributes:
        value: In the unit of what was averaged; NaN without calls.
        censored: How many calls never came back well.
        bound_s: With censored calls, `value` is the restricted mean E[min(latency, bound)]:
            a lower bound of the mean. None where nothing is censored.
    """

    value: float
    censored: int
    bound_s: float | None


def mean_latency(latencies_s: np.ndarray, deadline_s: float | None) -> Mean:
    """The mean where every call came back, else the mean restricted to the deadline.

    Without a deadline the bound is the longest answer seen.
    """
    censored = int(np.isinf(latencies_s).sum())
    if not censored:
        value = float(latencies_s.mean()) if len(latencies_s) else float("nan")
        return Mean(value, 0, None)
    bound_s = restriction_s(latencies_s, deadline_s)
    return Mean(float(np.minimum(latencies_s, bound_s).mean()), censored, bound_s)


def restriction_s(latencies_s: np.ndarray, deadline_s: float | None) -> float:
    """The bound of the restricted mean: the calls' deadline, else the longest answer seen."""
    if deadline_s is not None:
        return deadline_s
    answered = latencies_s[np.isfinite(latencies_s)]
    return float(answered.max()) if len(answered) else float("nan")
