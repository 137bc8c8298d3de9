"""Calls with the names that invitro, the loader of vHive, gives its columns.

`ExecutionRecord` of vhive-serverless/invitro, `pkg/metric` and `pkg/common`; times in microseconds.
"""

import numpy as np
import pandas as pd

from analysis.metrics.calls import MEASURED

READ = (
    "k", "phase", "sent_s", "received_s", "status", "failure_class", "instance_id", "pod",
    "spin_s", "worker_wall_s",
)  # fmt: skip
CONNECTION_CLASSES = ("refused", "reset", "dns", "stream-limit", "platform")
_MICRO = 1e6


def invitro_rows(calls: pd.DataFrame, started_unix_s: float) -> pd.DataFrame:
    """The rows of what was sent, by invitro's names.

    Args:
        calls: With the columns `READ`.
        started_unix_s: The epoch on the wall clock.
    """
    sent = calls[calls["sent_s"].notna()]
    failed = ~sent["status"].eq("ok")
    at_connection = failed & sent["failure_class"].isin(CONNECTION_CLASSES)
    return pd.DataFrame(
        {
            "phase": np.where(sent["phase"].eq(MEASURED), 2, 1),
            "instance": sent["pod"].fillna(sent["instance_id"]).fillna(""),
            "invocationID": "k" + sent["k"].astype(str),
            "startTime": _micro(sent["sent_s"] + started_unix_s),
            "requestedDuration": _micro(sent["spin_s"]),
            "grpcConnEstablish": 0,
            "responseTime": _micro(sent["received_s"] - sent["sent_s"]),
            "actualDuration": _micro(sent["worker_wall_s"]),
            "connectionTimeout": _said(at_connection),
            "functionTimeout": _said(failed & ~at_connection),
            "actualMemoryUsage": 0,
            "memoryAllocationTimeout": "false",
        }
    )


def _micro(seconds: pd.Series) -> np.ndarray:
    """Whole microseconds; 0 where unknown, as invitro has it."""
    return np.rint(seconds.fillna(0.0).to_numpy(dtype=float) * _MICRO).astype(np.int64)


def _said(flags: pd.Series) -> np.ndarray:
    return np.where(flags, "true", "false")
