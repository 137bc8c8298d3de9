"""One row per arrival: the three durations every other metric starts from."""

import numpy as np
import pandas as pd

MEASURED = "measured"


def with_durations(calls: pd.DataFrame) -> pd.DataFrame:
    """Add `lag_s`, `latency_s` and `service_latency_s` to the rows of a run's records.

    latency = received - intended and service latency = received - sent, for calls that came back
    well. A call that was sent and failed or never came back counts as infinitely late, so that no
    percentile is one of survivors only. What was never sent has no duration: NaN.
    """
    sent = calls["sent_s"].notna()
    answered = calls["status"].eq("ok")
    return calls.assign(
        lag_s=calls["sent_s"] - calls["intended_s"],
        latency_s=_censored(calls["received_s"] - calls["intended_s"], sent, answered),
        service_latency_s=_censored(calls["received_s"] - calls["sent_s"], sent, answered),
    )


def _censored(duration_s: pd.Series, sent: pd.Series, answered: pd.Series) -> np.ndarray:
    kept = np.where(answered, duration_s.to_numpy(dtype=float), np.inf)
    return np.where(sent, kept, np.nan)


def measured(calls: pd.DataFrame) -> pd.DataFrame:
    """The rows of the measured phase; a row's phase follows its intended time.

    Of rows in that order they are the last ones: a view, where a copy would need twice the memory.
    """
    is_measured = calls["phase"].eq(MEASURED).to_numpy()
    first = int(is_measured.argmax()) if is_measured.any() else len(calls)
    return calls.iloc[first:] if is_measured[first:].all() else calls[is_measured]


def by_intended_time(calls: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order of their intended times; the same ones where they are so already."""
    if calls["intended_s"].is_monotonic_increasing:
        return calls
    return calls.sort_values("intended_s", kind="stable")


def sent_latencies_s(calls: pd.DataFrame) -> np.ndarray:
    """Latencies of what was sent, in order of intended time; +inf where no good answer came."""
    ordered = by_intended_time(calls)["latency_s"]
    return ordered[ordered.notna()].to_numpy(dtype=float)


def count_by_status(calls: pd.DataFrame) -> dict[str, int]:
    """Counts of `planned`, `sent`, `ok`, `failed`, `unfinished` and `unsent` arrivals."""
    counts = calls["status"].value_counts()
    named = {name: int(counts.get(name, 0)) for name in ("ok", "failed", "unfinished", "unsent")}
    sent = named["ok"] + named["failed"] + named["unfinished"]
    return {"planned": len(calls), "sent": sent, **named}
