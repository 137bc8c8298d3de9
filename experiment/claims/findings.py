"""What becomes of each of the original's claims on one system."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.interval import Interval
from analysis.statistics.repetitions import repetitions_interval
from analysis.statistics.shares import wilson
from analysis.sweep.cells import cells_of
from analysis.sweep.claims import BOUNDED, CONFIRMED, REFUTED, WRONG, Claim, claims_of
from analysis.sweep.laws import POISSON, compare_laws
from analysis.sweep.standing import CLASSES, STABLE
from analysis.sweep.study import CELL
from verdict.wording import say_count, say_many, say_share

SUCCESS = "success is 100 % everywhere"
RANKED = {"rate_rps": "rate", "spin_s": "spin", "load": "load"}
_DIGITS = 6
"""Of slowdown: what differs by less is the rounding of sums."""


@dataclass(frozen=True)
class Found:
    """What one system says.

    Attributes:
        claims: In the order in which the original made them, `SUCCESS` last.
        classes: How many cells are of each class.
        ranks: Spearman's rank correlation of slowdown with rate, spin and load over the cells that
            are stable under Poisson, each with its interval over repetitions.
        by_the_original: Slowdown by the original's definition, and the lowest success rate.
    """

    claims: list[Claim]
    classes: dict[str, int]
    ranks: dict[str, tuple[float, Interval]]
    by_the_original: Claim


def found_on(runs: pd.DataFrame) -> Found:
    """Judge the claims by the runs of one system."""
    cells = cells_of(runs)
    claims = claims_of(runs, cells, compare_laws(runs, cells))
    counted = cells["class"].value_counts()
    return Found(
        claims=[*(one for one in claims if one.finding != WRONG), _success(cells)],
        classes={name: int(counted.get(name, 0)) for name in CLASSES},
        ranks={axis: _ranks(runs, cells, axis) for axis in RANKED},
        by_the_original=next(one for one in claims if one.finding == WRONG),
    )


def _success(cells: pd.DataFrame) -> Claim:
    """Whether every call of every cell was answered; with bounds where a grid has no failure."""
    sent, ok = int(cells["sent"].sum()), int(cells["ok"].sum())
    failing = cells[cells["ok"] < cells["sent"]]
    low, high = wilson(ok / sent, float(sent))
    if failing.empty:
        effect = f"no call of {say_count(sent)} failed (95 %: at least {say_share(low)} succeed)"
        return Claim(SUCCESS, CONFIRMED, 1.0, low, high, effect, say_many(len(cells), "cell"))
    worst = say_share(float((failing["ok"] / failing["sent"]).min()))
    effect = f"calls fail in {len(failing)} of {say_many(len(cells), 'cell')}, down to {worst}"
    everywhere = "all cells, the overloaded ones too"
    finding = BOUNDED if failing["class"].eq(STABLE).all() else REFUTED
    return Claim(SUCCESS, finding, ok / sent, math.nan, math.nan, effect, everywhere)


def _ranks(runs: pd.DataFrame, cells: pd.DataFrame, axis: str) -> tuple[float, Interval]:
    stable = cells.loc[cells["class"].eq(STABLE) & cells["law"].eq(POISSON), CELL]
    rows = runs.merge(stable, on=CELL)
    values = np.array([_rank(own, axis) for _, own in rows.groupby("repetition")])
    mean = float(values.mean()) if len(values) else math.nan
    return mean, repetitions_interval(values)


def _rank(own: pd.DataFrame, axis: str) -> float:
    slowdowns = own["slowdown_mean"].round(_DIGITS)
    if np.ptp(slowdowns) == 0 or np.ptp(own[axis]) == 0:
        return math.nan
    return float(stats.spearmanr(own[axis], slowdowns).statistic)


def say_rank(found: tuple[float, Interval]) -> str:
    """A correlation and its interval."""
    value, interval = found
    if not math.isfinite(value):
        return "none"
    if interval.suppressed:
        return f"{value:+.2f}"
    return f"{value:+.2f} ({interval.low:+.2f} to {interval.high:+.2f})"
