"""One row per cell and arm: the repetitions together."""

import math
from typing import Any

import numpy as np
import pandas as pd

from analysis.metrics.decomposition import PARTS
from analysis.statistics.repetitions import repetitions_interval
from analysis.statistics.shares import wilson
from analysis.sweep.standing import UNSTEADY, class_of_cell
from analysis.sweep.study import CELL

MEANS = ("mean_s", "p99_s", "slowdown_mean", "slowdown_p99")
_PLAIN = ("sent_rps", "ok_rps", *(f"part_{name}" for name in PARTS))


def cells_of(runs: pd.DataFrame) -> pd.DataFrame:
    """Pool the repetitions of each cell.

    Args:
        runs: As of a `Study`.

    Returns:
        CELL, `spin`, `rho`, `class`, `planned_runs`, `repetitions` (usable ones), `sent`, `ok`,
        `success` with its interval; for each of MEANS the mean over repetitions (+inf where one
        has no finite value) with its interval `..._low`, `..._high`; `bound`: that they are lower
        bounds, or grow with the length of the run; `deadline_s`, rates, parts, and what a model
        said (`model_...`).
    """
    return pd.DataFrame([_cell(key, own) for key, own in runs.groupby(CELL, sort=True)])


def _cell(key: Any, own: pd.DataFrame) -> dict[str, Any]:
    usable = own[own["usable"]]
    name = class_of_cell(own["class"].tolist(), own["usable"].tolist())
    cell: dict[str, Any] = dict(zip(CELL, key, strict=True)) | {
        "spin": own["spin"].iloc[0],
        "rho": float(own["rho"].iloc[0]),
        "class": name,
        "planned_runs": len(own),
        "repetitions": len(usable),
        "bound": name in UNSTEADY or bool(usable["mean_bound_s"].notna().any()),
        "deadline_s": float(usable["deadline_s"].max()) if len(usable) else math.nan,
    }
    cell |= _success(usable)
    for column in MEANS:
        cell |= _over_repetitions(column, usable, with_interval=not cell["bound"])
    modelled = [f"model_{column}" for column in MEANS if f"model_{column}" in usable]
    for column in (*_PLAIN, *modelled):
        cell[column] = _mean(usable[column]) if column in usable else math.nan
    return cell


def _success(usable: pd.DataFrame) -> dict[str, Any]:
    sent, ok = int(usable["sent"].sum()), int(usable["ok"].sum())
    share = ok / sent if sent else math.nan
    trials = float(usable["success_effective_n"].sum())
    low, high = wilson(share, trials) if sent else (math.nan, math.nan)
    return {"sent": sent, "ok": ok, "success": share, "success_low": low, "success_high": high}


def _over_repetitions(
    column: str, usable: pd.DataFrame, *, with_interval: bool
) -> dict[str, float]:
    values = usable[column].to_numpy(dtype=float)
    found = {column: _mean(usable[column]), f"{column}_low": math.nan, f"{column}_high": math.nan}
    if with_interval:
        interval = repetitions_interval(values)
        found |= {f"{column}_low": interval.low, f"{column}_high": interval.high}
    return found


def _mean(values: pd.Series) -> float:
    """Over all repetitions: one without a value leaves none."""
    numbers = values.to_numpy(dtype=float)
    return float(np.mean(numbers)) if len(numbers) else math.nan
