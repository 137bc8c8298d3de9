"""A run over time: rates, calls in flight and latency in windows of equal width."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.metrics.calls import by_intended_time

_WIDTHS_S = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_MOST_WINDOWS = 240
_FEWEST_CALLS = 5
_FEWEST_WINDOWS = 10

CountBefore = Callable[[np.ndarray], np.ndarray]


def window_width_s(span_s: float, calls: float = math.inf) -> float:
    """The narrowest round width, in seconds, for at most 240 windows of 5 calls on average.

    A run that is too short for that has windows of a tenth of it or wider.
    """
    most = min(_MOST_WINDOWS, max(calls / _FEWEST_CALLS, _FEWEST_WINDOWS))
    fitting = (width for width in _WIDTHS_S if span_s / width <= most)
    return next(fitting, span_s / most)


def window_starts_s(end_s: float, width_s: float) -> np.ndarray:
    """Starts of the windows that cover [0, end)."""
    return np.arange(max(int(np.ceil(end_s / width_s - 1e-9)), 1)) * width_s


def timeline(
    calls: pd.DataFrame, offered_before: CountBefore, end_s: float, width_s: float
) -> pd.DataFrame:
    """Rates, calls in flight and latency percentiles in windows of `width_s` seconds.

    Sends count where they were sent, answers and failures where they ended, latencies where they
    were intended. `offered_before(t)` is the integral of the offered rate over [0, t).

    Returns:
        Columns `t_s` (start of the window), `offered_rps`, `sent_rps`, `completed_rps`,
        `failed_rps`, `in_flight` (time average), `n`, `p50_s` and `p99_s` (+inf = not reached).
    """
    starts = window_starts_s(end_s, width_s)
    edges = np.append(starts, starts[-1] + width_s)
    ended_badly = calls["status"].isin(["failed", "unfinished"])
    rates = {
        "offered_rps": np.diff(offered_before(np.minimum(edges, end_s)))
        / np.diff(edges.clip(max=end_s)),
        "sent_rps": _rate(calls["sent_s"], edges),
        "completed_rps": _rate(calls.loc[calls["status"].eq("ok"), "received_s"], edges),
        "failed_rps": _rate(calls.loc[ended_badly, "received_s"], edges),
        "in_flight": in_flight(calls, edges),
    }
    frame = pd.DataFrame({"t_s": starts, **rates})
    return frame.join(window_percentiles(calls, starts, width_s))


def _rate(times_s: pd.Series, edges: np.ndarray) -> np.ndarray:
    counts, _ = np.histogram(times_s.dropna().to_numpy(dtype=float), edges)
    return np.asarray(counts / np.diff(edges))


def in_flight(calls: pd.DataFrame, edges: np.ndarray) -> np.ndarray:
    """Time average, in each window, of the calls that were sent and had not ended."""
    sent_s = calls["sent_s"].dropna()
    ended_s = calls.loc[sent_s.index, "received_s"].dropna()
    area = _area_since(sent_s, edges) - _area_since(ended_s, edges)
    return np.asarray(np.diff(area) / np.diff(edges))


def _area_since(times_s: pd.Series, at_s: np.ndarray) -> np.ndarray:
    """The sum over all times of max(0, at - time)."""
    ordered = np.sort(times_s.to_numpy(dtype=float))
    passed = np.searchsorted(ordered, at_s)
    total_s = np.concatenate([[0.0], np.cumsum(ordered)])
    return np.asarray(passed * at_s - total_s[passed])


def window_percentiles(calls: pd.DataFrame, starts: np.ndarray, width_s: float) -> pd.DataFrame:
    """Median and p99 of the latencies intended in each window; NaN where none was sent.

    Returns:
        Columns `n`, `p50_s`, `p99_s`, one row per window.
    """
    sent = calls[calls["latency_s"].notna()]
    window = (sent["intended_s"].to_numpy(dtype=float) // width_s).astype(int)
    latency_s = sent["latency_s"].to_numpy(dtype=float)
    ordered = latency_s[np.lexsort((latency_s, window))]
    count = np.bincount(window, minlength=len(starts))[: len(starts)]
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    return pd.DataFrame(
        {
            "n": count,
            "p50_s": _at_rank(ordered, first, count, 0.5),
            "p99_s": _at_rank(ordered, first, count, 0.99),
        }
    )


def _at_rank(
    ordered: np.ndarray, first: np.ndarray, count: np.ndarray, quantile: float
) -> np.ndarray:
    rank = np.ceil(quantile * count - 1e-9).astype(int).clip(1) - 1
    values = np.full(len(count), np.nan)
    held = count > 0
    values[held] = ordered[(first + rank)[held]]
    return values


def scatter_sample(calls: pd.DataFrame, most: int = 4000) -> pd.DataFrame:
    """Evenly thinned sent calls to draw one by one.

    Returns:
        Columns `intended_s`, `latency_s` (+inf where no good answer came) and `first_on_instance`.
    """
    shown = by_intended_time(calls)[["intended_s", "latency_s", "instance_seq"]]
    sent = shown[shown["latency_s"].notna()]
    step = max(int(np.ceil(len(sent) / most)), 1)
    # First calls on an instance are rare and are what one looks for: all of them are kept.
    first = sent["instance_seq"].eq(1)
    kept = sent[(np.arange(len(sent)) % step == 0) | first]
    columns: pd.DataFrame = kept[["intended_s", "latency_s"]]
    return columns.assign(first_on_instance=first[kept.index])
