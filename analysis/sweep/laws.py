"""Poisson against uniform: the same cell under both laws, paired by repetition."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.statistics.effect import Ratio
from analysis.statistics.families import holm
from analysis.statistics.pairs import no_ratio, overall_ratio, paired_log_ratio
from analysis.sweep.matched import Matched, matched
from analysis.sweep.standing import STABLE
from analysis.sweep.study import CELL

UNIFORM, POISSON = "uniform", "poisson"
PLACE = [name for name in CELL if name != "law"]
Place = tuple[object, ...]
_SIGNIFICANT = 0.05


@dataclass(frozen=True)
class LawsCompared:
    """What the law of arrival does.

    Attributes:
        mean: Ratio of mean latencies over all cells that are stable under both laws.
        p99: The same of p99.
        cells: How many cells those are.
        both_ran: In how many cells both laws were measured.
        only_poisson_fails: Cells that are stable with uniform and overloaded with Poisson.
        by_cell: PLACE, `spin`, `rho`, `ratio` with interval, `p_holm`, `significant`, `why_none`.
    """

    mean: Ratio
    p99: Ratio
    cells: int
    both_ran: int
    only_poisson_fails: int
    by_cell: pd.DataFrame


def compare_laws(runs: pd.DataFrame, cells: pd.DataFrame) -> LawsCompared | None:
    """Compare the laws; None where the sweep has not both of them.

    Laws cannot share arrivals, so single calls are not comparable: a cell's repetitions are pairs,
    and the answer for the grid is the mean log ratio over its stable cells.
    """
    class_of = {
        law: cells[cells["law"].eq(law)].set_index(PLACE)["class"] for law in (UNIFORM, POISSON)
    }
    if not all(len(classes) for classes in class_of.values()):
        return None
    stable: list[Any] = [
        place
        for place, name in class_of[UNIFORM].to_dict().items()
        if name == STABLE and class_of[POISSON].get(place) == STABLE
    ]
    kept = _same_repetitions(runs, stable)
    by_cell = _by_cell(runs, cells, set(stable))
    fails = class_of[POISSON].isin(["overload", "censored"])
    only = [place for place in fails[fails].index if class_of[UNIFORM].get(place) == STABLE]
    return LawsCompared(
        mean=_overall(runs, kept, "mean_s"),
        p99=_overall(runs, kept, "p99_s"),
        cells=len(kept.items),
        both_ran=len(by_cell),
        only_poisson_fails=len(only),
        by_cell=by_cell,
    )


def _values(runs: pd.DataFrame, law: str, column: str) -> dict[Place, dict[int, float]]:
    own = runs[runs["usable"] & runs["law"].eq(law)]
    found: dict[Place, dict[int, float]] = {}
    for *place, number, value in own[[*PLACE, "repetition", column]].itertuples(index=False):
        found.setdefault(tuple(place), {})[int(number)] = float(value)
    return found


def _same_repetitions(runs: pd.DataFrame, places: Sequence[Place]) -> Matched:
    both = [_values(runs, law, "mean_s") for law in (UNIFORM, POISSON)]
    return matched({place: set(both[0][place]) & set(both[1][place]) for place in places})


def _overall(runs: pd.DataFrame, kept: Matched, column: str) -> Ratio:
    if not kept.items:
        return no_ratio("no cell is stable under both laws", 0)
    sides = [kept.values(_values(runs, law, column)) for law in (UNIFORM, POISSON)]
    return overall_ratio(list(zip(*sides, strict=True)))


def _by_cell(runs: pd.DataFrame, cells: pd.DataFrame, stable: set[Place]) -> pd.DataFrame:
    uniform, poisson = (_values(runs, law, "mean_s") for law in (UNIFORM, POISSON))
    facts = _facts(cells)
    rows = []
    for place in sorted(set(uniform) & set(poisson)):
        ratio = _one_ratio(uniform[place], poisson[place], is_stable=place in stable)
        rows.append(
            dict(zip(PLACE, place, strict=True))
            | dict(zip(("spin", "rho"), facts[place], strict=True))
            | {"stable": place in stable}
            | {"ratio": ratio.estimate, "ratio_low": ratio.low, "ratio_high": ratio.high}
            | {"pairs": ratio.pairs, "p": ratio.p, "why_none": ratio.suppressed}
        )
    columns = [*PLACE, "spin", "rho", "stable", "ratio", "ratio_low", "ratio_high", "pairs", "p"]
    table = pd.DataFrame(rows, columns=[*columns, "why_none"])
    adjusted = holm(table["p"].to_numpy(dtype=float))
    return table.assign(p_holm=adjusted, significant=adjusted < _SIGNIFICANT)


def _facts(cells: pd.DataFrame) -> dict[Place, tuple[object, ...]]:
    rows = cells[[*PLACE, "spin", "rho"]].itertuples(index=False)
    return {tuple(place): (spin, rho) for *place, spin, rho in rows}


def _one_ratio(uniform: dict[int, float], poisson: dict[int, float], *, is_stable: bool) -> Ratio:
    common = sorted(set(uniform) & set(poisson))
    if not is_stable or not common:
        return no_ratio("not stable under both laws", len(common))
    sides = [pd.Series({n: side[n] for n in common}).to_numpy() for side in (uniform, poisson)]
    ratio = paired_log_ratio(*sides)
    return ratio if math.isfinite(ratio.estimate) else no_ratio(ratio.suppressed, len(common))
