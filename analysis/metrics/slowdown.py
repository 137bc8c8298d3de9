"""Slowdown: how many times longer a call took than it takes alone on a warm instance."""

import numpy as np
import pandas as pd

from analysis.metrics.calls import by_intended_time
from analysis.metrics.latency import Mean, restriction_s


def with_slowdown(calls: pd.DataFrame, ideal_s: pd.Series) -> pd.DataFrame:
    """Add `ideal_s` and `slowdown` = latency / ideal to each row; NaN where no ideal is known.

    Values below 1 are kept: they point to a wrong ideal and must stay visible.
    """
    known = ideal_s.where(ideal_s > 0)
    return calls.assign(ideal_s=known, slowdown=calls["latency_s"] / known)


def sent_slowdowns(calls: pd.DataFrame) -> np.ndarray:
    """Slowdowns of what was sent and has an ideal, in order of intended time; +inf on failure."""
    ordered = by_intended_time(calls)["slowdown"]
    return ordered.dropna().to_numpy(dtype=float)


def mean_slowdown(calls: pd.DataFrame, deadline_s: float | None) -> Mean:
    """Mean slowdown; with failures that of min(latency, bound) / ideal, a lower bound of it."""
    known = calls.loc[calls["slowdown"].notna(), ["slowdown", "latency_s", "ideal_s"]]
    censored = int(np.isinf(known["slowdown"]).sum())
    if not censored:
        return Mean(float(known["slowdown"].mean()), 0, None)
    bound_s = restriction_s(known["latency_s"].to_numpy(dtype=float), deadline_s)
    bounded = known["latency_s"].clip(upper=bound_s) / known["ideal_s"]
    return Mean(float(bounded.mean()), censored, bound_s)
