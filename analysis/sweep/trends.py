"""Whether slowdown rises with the rate or the spin: by what factor for each doubling."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.statistics.repetitions import repetitions_interval
from analysis.sweep.matched import matched
from analysis.sweep.standing import STABLE
from analysis.sweep.study import CELL

Slopes = dict[tuple[object, ...], dict[int, float]]
"""Of each line, one a repetition."""
_FEWEST_POINTS = 2


@dataclass(frozen=True)
class Trend:
    """How many times larger slowdown is at twice the rate, or spin, all else the same.

    Attributes:
        factor: Geometric mean over lines and repetitions; NaN where there is no line.
        low, high: Its 95 % interval over repetitions; NaN when suppressed.
        lines: How many lines of stable cells it is of.
        repetitions: How many repetitions they have in common.
        suppressed: Why there is no interval; '' when there is one.
    """

    factor: float
    low: float
    high: float
    lines: int
    repetitions: int
    suppressed: str = ""


def rise_with(runs: pd.DataFrame, cells: pd.DataFrame, axis: str) -> Trend:
    """The rise of mean slowdown along an axis of the grid, over stable cells only.

    A line has one arm, law and value of the other axis. Its slope is that of least squares of log
    slowdown on log rate (or spin), for each repetition by itself; slopes are averaged over lines
    within a repetition, and the interval is over repetitions.

    Args:
        runs: As of a `Study`.
        cells: As from `cells_of`.
        axis: "rate_rps" or "spin_s".
    """
    stable = cells.loc[cells["class"].eq(STABLE), CELL]
    return _trend(_slopes_of_lines(runs, stable, axis))


def steeper_under(
    runs: pd.DataFrame, cells: pd.DataFrame, axis: str, laws: tuple[str, str]
) -> Trend:
    """How many times as steep the rise is under the second law as under the first.

    On the cells that are stable under both, so that both lines span the same points.
    """
    stable = cells[cells["class"].eq(STABLE) & cells["law"].isin(laws)]
    place = [name for name in CELL if name != "law"]
    both = stable[stable.groupby(place)["law"].transform("nunique").eq(2)]
    slopes = _slopes_of_lines(runs, both[CELL], axis)
    at = [name for name in CELL if name != axis].index("law")
    differences: Slopes = {}
    for line, steeper in slopes.items():
        flatter = slopes.get((*line[:at], laws[0], *line[at + 1 :]))
        if line[at] == laws[1] and flatter:
            common = set(steeper) & set(flatter)
            differences[line] = {number: steeper[number] - flatter[number] for number in common}
    return _trend(differences)


def _slopes_of_lines(runs: pd.DataFrame, stable: pd.DataFrame, axis: str) -> Slopes:
    rows = runs[runs["usable"]].merge(stable, on=CELL)
    others = [name for name in CELL if name != axis]
    slopes = {tuple(line): _slopes(own, axis) for line, own in rows.groupby(others)}
    return {line: found for line, found in slopes.items() if found}


def _trend(slopes: Slopes) -> Trend:
    kept = matched({line: set(found) for line, found in slopes.items()})
    if not kept.items:
        return Trend(np.nan, np.nan, np.nan, 0, 0, "no two stable cells on one line")
    per_repetition = kept.values(slopes).mean(axis=0)
    interval = repetitions_interval(per_repetition)
    low, factor, high = (
        float(2.0**slope) for slope in (interval.low, per_repetition.mean(), interval.high)
    )
    return Trend(factor, low, high, len(kept.items), len(kept.repetitions), interval.suppressed)


def _slopes(own: pd.DataFrame, axis: str) -> dict[int, float]:
    """Slope of each repetition that has every point of the line."""
    points = own[axis].nunique()
    if points < _FEWEST_POINTS:
        return {}
    found = {}
    for number, line in own.groupby("repetition"):
        slowdown = line["slowdown_mean"].to_numpy(dtype=float)
        if len(line) == points and np.isfinite(slowdown).all() and (slowdown > 0).all():
            x = np.log(line[axis].to_numpy(dtype=float))
            found[int(str(number))] = float(np.polyfit(x, np.log(slowdown), 1)[0])
    return found
