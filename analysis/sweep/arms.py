"""The arms of a sweep side by side: what each costs, and whether it meets the checks."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.statistics.effect import Ratio
from analysis.statistics.interval import Interval
from analysis.statistics.pairs import paired_log_ratio
from analysis.statistics.repetitions import repetitions_interval
from analysis.sweep.matched import Matched, matched
from analysis.sweep.standing import STABLE

LOAD = ["law", "spin_s", "rate_rps"]
Load = tuple[object, ...]
_QUANTITIES = ["pod_seconds", "ok", "slowdown_mean", "p99_s", "sent"]


@dataclass(frozen=True)
class ArmResult:
    """What one arm came to.

    Attributes:
        name: Of the arm.
        price: Pod-seconds for each call that came back well, over the cells of the comparison;
            NaN where pods were not watched.
        price_interval: Over repetitions.
        success: Share of the sent calls, over all cells that all arms were measured in.
        slowdown: Geometric mean over the cells that are stable in all arms; NaN without any.
        slowdown_interval: Over repetitions.
        p99_s: The same of p99.
        p99_interval: Over repetitions.
        met: Cells in which every usable run meets all checks.
        cells: Cells in which it was measured.
        meets_all: Whether it meets the checks wherever any arm does.
    """

    name: str
    price: float
    price_interval: Interval
    success: float
    slowdown: float
    slowdown_interval: Interval
    p99_s: float
    p99_interval: Interval
    met: int
    cells: int
    meets_all: bool


@dataclass(frozen=True)
class ArmsCompared:
    """All arms, and what they have in common.

    Attributes:
        arms: In the order of the sweep.
        common: Cells and repetitions that all arms were measured in.
        stable: How many of them are stable in all arms.
        priced: Cells that prices are of: those in which an arm meets the checks; without checks
            those that are stable in all arms. A price in overload says nothing.
        met_by_any: Cells in which at least one arm meets the checks.
        prices: Of each arm, one a repetition.
    """

    arms: Sequence[ArmResult]
    common: Matched
    stable: int
    priced: int
    met_by_any: int
    prices: dict[str, np.ndarray]

    def price_ratio(self, cheap: str, dear: str) -> Ratio:
        """How many times as much the second costs, paired by repetition: the same arrivals."""
        return paired_log_ratio(self.prices[cheap], self.prices[dear])


def compare_arms(runs: pd.DataFrame, cells: pd.DataFrame, names: Sequence[str]) -> ArmsCompared:
    """Set the arms side by side on the same cells and repetitions.

    Args:
        runs: As of a `Study`.
        cells: As from `cells_of`.
        names: Of the arms.
    """
    own = {name: _usable_of(runs, name) for name in names}
    own = {name: rows for name, rows in own.items() if len(rows)}
    common = _in_all(own)
    classes = cells.set_index(["arm", *LOAD])["class"]
    stable = [load for load in common.items if all(classes[(arm, *load)] == STABLE for arm in own)]
    met = {name: _met(rows) for name, rows in own.items()}
    by_any = set().union(*met.values())
    has_checks = any(isinstance(checks, list) and checks for checks in runs["checks"])
    priced = _in_all(own, by_any if has_checks else set(stable))
    values = {
        name: _Values(rows, common, Matched(stable, common.repetitions), priced)
        for name, rows in own.items()
    }
    arms = [_result(name, values[name], met[name], by_any, own[name]) for name in own]
    prices = {name: values[name].price for name in own}
    return ArmsCompared(arms, common, len(stable), len(priced.items), len(by_any), prices)


def _usable_of(runs: pd.DataFrame, name: str) -> pd.DataFrame:
    return runs[runs["usable"] & runs["arm"].eq(name)]


def _in_all(own: Mapping[str, pd.DataFrame], only: set[Load] | None = None) -> Matched:
    found = [_repetitions(rows) for rows in own.values()]
    if not found:
        return matched({})
    loads = set(found[0]).intersection(*found[1:])
    loads = loads if only is None else loads & only
    return matched(
        {load: found[0][load].intersection(*(f[load] for f in found[1:])) for load in sorted(loads)}
    )


def _repetitions(rows: pd.DataFrame) -> dict[Load, set[int]]:
    groups = rows.groupby(LOAD)["repetition"]
    return {tuple(load): set(numbers) for load, numbers in groups}


def _met(rows: pd.DataFrame) -> set[Load]:
    """Cells in which every run meets all checks."""
    whole = rows.assign(met=rows["checks"].map(_all_met)).groupby(LOAD)["met"].all()
    return set(whole[whole].index)


def _all_met(checks: object) -> bool:
    return isinstance(checks, list) and all(passed for _, passed in checks)


class _Values:
    """Values of one arm, one a repetition."""

    def __init__(
        self, rows: pd.DataFrame, common: Matched, stable: Matched, priced: Matched
    ) -> None:
        self._of: dict[str, dict[Load, dict[int, float]]] = {name: {} for name in _QUANTITIES}
        places = rows[[*LOAD, "repetition"]].itertuples(index=False)
        for (*load, number), values in zip(places, rows[_QUANTITIES].to_numpy(float), strict=True):
            for name, value in zip(_QUANTITIES, values.tolist(), strict=True):
                self._of[name].setdefault(tuple(load), {})[number] = value
        ok = self._sum("ok", priced)
        self.price = self._sum("pod_seconds", priced) / np.where(ok > 0, ok, np.nan)
        sent = self._sum("sent", common).sum()
        self.success = float(self._sum("ok", common).sum() / sent) if sent else math.nan
        self.slowdown = self._geometric("slowdown_mean", stable)
        self.p99_s = self._geometric("p99_s", stable)

    def _sum(self, name: str, cells: Matched) -> np.ndarray:
        return np.asarray(cells.values(self._of[name]).sum(axis=0))

    def _geometric(self, name: str, cells: Matched) -> np.ndarray:
        if not cells.items:
            return np.array([])
        return np.asarray(np.exp(np.log(cells.values(self._of[name])).mean(axis=0)))


def _result(
    name: str, values: _Values, met: set[Load], by_any: set[Load], rows: pd.DataFrame
) -> ArmResult:
    measured = set(_repetitions(rows))
    return ArmResult(
        name=name,
        price=_mean(values.price),
        price_interval=repetitions_interval(values.price),
        success=values.success,
        slowdown=_mean(values.slowdown),
        slowdown_interval=repetitions_interval(values.slowdown),
        p99_s=_mean(values.p99_s),
        p99_interval=repetitions_interval(values.p99_s),
        met=len(met),
        cells=len(measured),
        meets_all=bool(met) and by_any <= met,
    )


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else math.nan
