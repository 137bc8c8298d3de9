"""Calls and cold starts: two columns of each call, and what they add up to."""

import numpy as np
import pandas as pd

from analysis.metrics.latency import percentiles
from verdict.cold import UNKNOWN, YES, Calls, cold_affected, ready_of_pods, with_worker_s
from verdict.replica_view import ReplicaView

_JUDGED_BY = [
    *("intended_s", "sent_s", "received_s", "worker_wall_s", "ideal_s"),
    *("status", "pod"),
]
KINDS = ("warm", "cold-affected", "unknown", "first on an instance")


def with_cold(calls: pd.DataFrame, view: ReplicaView | None, end_s: float) -> pd.DataFrame:
    """Add the columns `first_on_instance` and `cold_affected`, each true, false or missing.

    `first_on_instance`: the first request on a process that answered; missing without a number in
    the answer. `cold_affected`: see `verdict/cold.py`; missing where it is unknown, where nobody
    watched the pods, and for what was never sent.
    """
    seq = calls["instance_seq"].astype("Float64")
    return calls.assign(first_on_instance=seq.eq(1), cold_affected=_affected(calls, view, end_s))


def _affected(calls: pd.DataFrame, view: ReplicaView | None, end_s: float) -> pd.Series:
    answer = pd.Series(pd.NA, index=calls.index, dtype="boolean")
    if view is None:
        return answer
    intended_s = calls["intended_s"]
    watched = intended_s.ge(view.watched_s[0]) & intended_s.lt(view.watched_s[1])
    kept = calls.loc[watched & calls["sent_s"].notna(), _JUDGED_BY]
    found = cold_affected(_as_arrays(kept, view), view.scale_ups(end_s), view.gaps)
    known = found != UNKNOWN
    answer.loc[kept.index[known]] = (found == YES)[known]
    return answer


def _as_arrays(calls: pd.DataFrame, view: ReplicaView) -> Calls:
    ready_s = ready_of_pods(view)
    intended_s, sent_s, received_s, wall_s, ideal_s = (
        calls[name].to_numpy(dtype=float)
        for name in ("intended_s", "sent_s", "received_s", "worker_wall_s", "ideal_s")
    )
    return Calls(
        intended_s=intended_s,
        sent_s=sent_s,
        received_s=received_s,
        answered=calls["status"].eq("ok").to_numpy(),
        with_worker_s=with_worker_s(wall_s, ideal_s),
        pod_ready_s=np.asarray(calls["pod"].map(ready_s), dtype=np.float64),
    )


def kinds_of(calls: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The sent calls by kind; the first on an instance are also among the others."""
    sent = calls[calls["sent_s"].notna()]
    cold = sent["cold_affected"]
    return {
        "warm": sent[cold.eq(False).fillna(False)],
        "cold-affected": sent[cold.fillna(False)],
        "unknown": sent[cold.isna()],
        "first on an instance": sent[sent["first_on_instance"].fillna(False)],
    }


def by_kind(calls: pd.DataFrame) -> pd.DataFrame:
    """Latency of warm calls beside that of calls touched by a cold start.

    Returns:
        Columns `kind` (of KINDS), `sent`, `share` (of all sent), `ok`, `p50_s`, `p95_s`, `p99_s`
        (+inf = not reached, NaN without calls).
    """
    sent = max(int(calls["sent_s"].notna().sum()), 1)
    return pd.DataFrame([_row(kind, held, sent) for kind, held in kinds_of(calls).items()])


def _row(kind: str, calls: pd.DataFrame, sent: int) -> dict[str, object]:
    latencies_s = calls["latency_s"].to_numpy(dtype=float)
    p50, p95, p99 = percentiles(latencies_s, (0.5, 0.95, 0.99))["latency_s"]
    counts = {"sent": len(calls), "share": len(calls) / sent}
    ok = int(np.isfinite(latencies_s).sum())
    return {"kind": kind, **counts, "ok": ok, "p50_s": p50, "p95_s": p95, "p99_s": p99}
