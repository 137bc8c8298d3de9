"""How long pods took to start, phase by phase."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.metrics.latency import percentiles
from verdict.pod_lives import START_PHASES, PodLife

PARTS = tuple(f"to_{phase}_s" for phase in START_PHASES[1:])
OBSERVER, API = "observer", "API, whole seconds"
_COLUMNS = ["pod", "revision", "node", "created_s", *PARTS, "total_s", "given_up_s", "stamps"]


def pod_starts(pods: Sequence[PodLife], from_s: float, to_s: float) -> pd.DataFrame:
    """The pods that were starting at any time in [from, to), by creation.

    Returns:
        Columns `pod`, `revision`, `node`, `created_s` (run time), PARTS (seconds from the phase
        before: a phase that was not told, or came before its forerunner, is 0 or missing),
        `total_s` (created to ready, also beyond `to_s`; missing for a pod that never was),
        `given_up_s` (of such a pod: created to its end, or to `to_s`), `stamps` (whose clock).
    """
    rows = [_row(life, to_s) for life in pods if _starts_in(life, from_s, to_s)]
    return pd.DataFrame(rows, columns=_COLUMNS).sort_values("created_s", ignore_index=True)


def _starts_in(life: PodLife, from_s: float, to_s: float) -> bool:
    created_s = life.start_s.get("created")
    ended_s = min(life.ready_s, life.left_s)
    return created_s is not None and created_s < to_s and ended_s >= from_s


def _row(life: PodLife, to_s: float) -> dict[str, object]:
    times_s = np.array([life.start_s.get(phase, np.nan) for phase in START_PHASES])
    # A phase that was not told counts to the next one; none runs backwards.
    reached = np.fmax.accumulate(times_s)
    parts = np.where(np.isnan(times_s[1:]), np.nan, np.diff(reached))
    return {
        "pod": life.pod,
        "revision": life.revision,
        "node": life.node,
        "created_s": times_s[0],
        **dict(zip(PARTS, parts.tolist(), strict=True)),
        "total_s": float(times_s[-1] - times_s[0]),
        "given_up_s": min(life.left_s, to_s) - times_s[0] if np.isnan(times_s[-1]) else np.nan,
        "stamps": OBSERVER if life.watched else API,
    }


def by_phase(starts: pd.DataFrame) -> pd.DataFrame:
    """The phases over all pods that got ready.

    Returns:
        Columns `phase`, `n`, `p50_s`, `p95_s`, `max_s`; the last row is from created to ready.
    """
    names = [f"{a} to {b}" for a, b in pairwise(START_PHASES)]
    columns = dict(zip([*PARTS, "total_s"], [*names, "created to ready"], strict=True))
    ready = starts[starts["total_s"].notna()]
    return pd.DataFrame([_phase(name, ready[column]) for column, name in columns.items()])


def _phase(name: str, lengths_s: pd.Series) -> dict[str, object]:
    told = lengths_s.dropna().to_numpy(dtype=float)
    p50, p95, longest = percentiles(told, (0.5, 0.95, 1.0))["latency_s"]
    return {"phase": name, "n": len(told), "p50_s": p50, "p95_s": p95, "max_s": longest}
