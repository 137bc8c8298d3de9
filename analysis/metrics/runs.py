"""Several runs side by side: one row per run, then one per cell (law, spin, rate)."""

import numpy as np
import pandas as pd

from analysis.statistics.repetitions import FEWEST_REPETITIONS, repetitions_interval
from analysis.statistics.shares import wilson

CELL = ["law", "spin", "rate_rps"]


def by_cell(rows: pd.DataFrame) -> pd.DataFrame:
    """Pool the repetitions of each cell.

    Args:
        rows: One row per usable run: CELL, `ok`, `sent`, `success_effective_n`, `mean_s`,
            `mean_bound_s`, `p99_s`, `slowdown_mean`, `slowdown_p99`.

    Returns:
        CELL, `repetitions`, `sent`, `success` with Wilson's `success_low` and `success_high`;
        for `mean_s`, `p99_s`, `slowdown_mean`, `slowdown_p99` the mean over repetitions and, from
        five on, the bounds `..._low` and `..._high` of Student's t interval over them;
        `censored`: whether any call of the cell never came back well.
    """
    cells = [_cell(key, group) for key, group in rows.groupby(CELL, sort=True)]
    return pd.DataFrame(cells)


def _cell(key: object, group: pd.DataFrame) -> dict[str, object]:
    sent = int(group["sent"].sum())
    share = float(group["ok"].sum()) / sent if sent else float("nan")
    low, high = wilson(share, float(group["success_effective_n"].sum()))
    cell = dict(zip(CELL, key, strict=True)) if isinstance(key, tuple) else {}
    cell |= {
        "repetitions": len(group),
        "sent": sent,
        "success": share,
        "success_low": low,
        "success_high": high,
        "censored": bool(group["mean_bound_s"].notna().any()),
    }
    for name in ("mean_s", "p99_s", "slowdown_mean", "slowdown_p99"):
        cell |= _over_repetitions(name, group[name].to_numpy(dtype=float))
    return cell


def _over_repetitions(name: str, values: np.ndarray) -> dict[str, float]:
    interval = repetitions_interval(values)
    mean = float(values.mean()) if len(values) else float("nan")
    return {name: mean, f"{name}_low": interval.low, f"{name}_high": interval.high}


def say_repetitions(cells: pd.DataFrame) -> str:
    """How many repetitions the cells have and what that means for their intervals."""
    fewest, most = int(cells["repetitions"].min()), int(cells["repetitions"].max())
    count = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    noun = "repetition" if count == "1" else "repetitions"
    if fewest >= FEWEST_REPETITIONS:
        return f"{count} {noun} a cell; bars: 95 % t intervals over them"
    if most >= FEWEST_REPETITIONS:
        return f"{count} {noun} a cell; bars: 95 % t intervals from {FEWEST_REPETITIONS} on"
    return f"{count} {noun} a cell; no intervals below {FEWEST_REPETITIONS}"
