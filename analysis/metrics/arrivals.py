"""What was sent against what the law and the plan asked for."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.laws import gap_quantile
from shapes.laws import Law

OperationalTime = Callable[[np.ndarray], np.ndarray]
_PROBABILITIES = 400


def operational_gaps(sent_s: np.ndarray, operational: OperationalTime) -> np.ndarray:
    """Gaps between successive sends of all members together, in operational time.

    Operational time is the integral of the offered rate: whatever the rate does, a gap has mean 1.
    """
    return np.diff(operational(np.sort(sent_s)))


def gap_quantiles(gaps: np.ndarray, law: Law) -> pd.DataFrame:
    """Quantiles of the gaps as sent beside those of the law.

    Returns:
        Columns `probability`, `law_gap` and `sent_gap` (1 = the mean gap), at (i + 0.5) / n of a
        thinned set of order statistics whose tail is whole.
    """
    ordered = np.sort(gaps)
    body = np.linspace(0, len(ordered) - 1, _PROBABILITIES).astype(int)
    rank = np.unique(np.concatenate([body, np.arange(max(len(ordered) - 50, 0), len(ordered))]))
    probability = (rank + 0.5) / len(ordered)
    return pd.DataFrame(
        {
            "probability": probability,
            "law_gap": gap_quantile(law, probability),
            "sent_gap": ordered[rank],
        }
    )


def gap_cv(gaps: np.ndarray) -> float:
    """Coefficient of variation: 0 for equidistant, 1 for Poisson arrivals."""
    return float(gaps.std(ddof=1) / gaps.mean())


def behind_plan(calls: pd.DataFrame, width_s: float, end_s: float) -> pd.DataFrame:
    """How many arrivals were planned, sent and left unsent up to each moment.

    Returns:
        Columns `t_s`, `planned`, `sent`, `unsent` (all cumulative, unsent by intended time) and
        `behind` = planned - sent.
    """
    edges = np.arange(1, int(np.ceil(end_s / width_s)) + 1) * width_s
    planned = _count_before(calls["intended_s"], edges)
    sent = _count_before(calls["sent_s"].dropna(), edges)
    unsent = _count_before(calls.loc[calls["status"].eq("unsent"), "intended_s"], edges)
    return pd.DataFrame(
        {
            "t_s": edges,
            "planned": planned,
            "sent": sent,
            "unsent": unsent,
            "behind": planned - sent,
        }
    )


def _count_before(times_s: pd.Series, edges: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(times_s.to_numpy(dtype=float)), edges)
