"""What did not come back well, and what was never sent: by class, code and time."""

import numpy as np
import pandas as pd

_COLUMNS = ["status", "failure_class", "code", "calls", "share", "first_s", "last_s"]


def not_ok(calls: pd.DataFrame) -> pd.DataFrame:
    """The failed, unfinished and unsent rows, class and code as plain text."""
    rows = calls[calls["status"].ne("ok")]
    return rows.assign(
        **{
            name: rows[name].astype(object).fillna("-").astype(str)
            for name in ("status", "failure_class", "code")
        }
    )


def by_class(calls: pd.DataFrame) -> pd.DataFrame:
    """Counts by status, class and code, most frequent first.

    Returns:
        Columns `status`, `failure_class`, `code`, `calls`, `share` (of all planned arrivals),
        `first_s` and `last_s` (intended times).
    """
    grouped = not_ok(calls).groupby(["status", "failure_class", "code"])["intended_s"]
    frame = grouped.agg(calls="size", first_s="min", last_s="max").reset_index()
    frame["share"] = frame["calls"] / max(len(calls), 1)
    return frame.sort_values("calls", ascending=False, ignore_index=True)[_COLUMNS]


def over_time(calls: pd.DataFrame, starts: np.ndarray, width_s: float) -> pd.DataFrame:
    """Failed, unfinished and unsent arrivals in windows of their intended time.

    Returns:
        Column `t_s` and one column of counts per class, most frequent first.
    """
    rows = not_ok(calls)
    label = rows["status"].where(rows["status"].ne("failed"), rows["failure_class"])
    window = (rows["intended_s"] // width_s).astype(int).clip(upper=len(starts) - 1)
    counts = pd.crosstab(window, label).reindex(range(len(starts)), fill_value=0)
    busiest_first = counts.sum().sort_values(ascending=False, kind="stable").index
    return counts[busiest_first].set_axis(pd.Index(starts, name="t_s")).reset_index()
