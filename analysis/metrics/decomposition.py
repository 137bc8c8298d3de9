"""Where a call's latency went: an exact split, averaged over bands of latency."""

import numpy as np
import pandas as pd

PARTS = ("lag_s", "network_and_queue_s", "contention_s", "cpu_s", "unsplit_s")
_TIMES = ["intended_s", "sent_s", "received_s", "worker_wall_s", "worker_cpu_s"]
_BANDS = (
    ("all answered calls", 0.0, 1.0),
    ("fastest half", 0.0, 0.5),
    ("p50 to p90", 0.5, 0.9),
    ("p90 to p99", 0.9, 0.99),
    ("slowest 1 %", 0.99, 1.0),
)


def split_latency(calls: pd.DataFrame) -> pd.DataFrame:
    """Split each answered call's latency; the parts of a row add up to its latency.

    latency = lag + network and queue + contention + CPU, with lag = sent - intended, network and
    queue = received - sent - worker's wall time, contention = worker's wall - CPU time. Where the
    target reports no times of its own, received - sent stays unsplit.

    Returns:
        Columns `latency_s` and PARTS, in seconds.
    """
    answered = calls.loc[calls["status"].eq("ok"), _TIMES]
    service_s = answered["received_s"] - answered["sent_s"]
    wall_s, cpu_s = answered["worker_wall_s"], answered["worker_cpu_s"]
    told = wall_s.notna() & cpu_s.notna()
    return pd.DataFrame(
        {
            "latency_s": answered["received_s"] - answered["intended_s"],
            "lag_s": answered["sent_s"] - answered["intended_s"],
            "network_and_queue_s": (service_s - wall_s).where(told, 0.0),
            "contention_s": (wall_s - cpu_s).where(told, 0.0),
            "cpu_s": cpu_s.where(told, 0.0),
            "unsplit_s": service_s.where(~told, 0.0),
        }
    )


def mean_parts_by_band(parts: pd.DataFrame) -> pd.DataFrame:
    """Average parts of all answered calls and of bands from the fastest to the slowest.

    Returns:
        Columns `band`, `n`, `latency_s` and PARTS; bands without calls are left out.
    """
    # The order, not the sorted table: columns are taken one at a time.
    order = np.argsort(parts["latency_s"].to_numpy(), kind="stable")
    rows = [_band(parts, order, *band) for band in _BANDS]
    return pd.DataFrame([row for row in rows if row["n"]])


def _band(
    parts: pd.DataFrame, order: np.ndarray, name: str, low: float, high: float
) -> dict[str, object]:
    first, last = (int(np.floor(share * len(order))) for share in (low, high))
    held = order[first:last]
    means = {part: _mean(parts[part].to_numpy()[held]) for part in ("latency_s", *PARTS)}
    return {"band": name, "n": len(held), **means}


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan
