"""From pairs of runs to effects: by cell, and over all stable cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.compare.one_pair import Pair
from analysis.compare.quantities import QUANTITIES, RATIO, SUCCESS, Quantity
from analysis.statistics.batches import NEAR_SATURATION
from analysis.statistics.effect import Difference, Effect
from analysis.statistics.families import holm
from analysis.statistics.pairs import no_ratio, overall_ratio, paired_difference, paired_log_ratio
from analysis.statistics.shares import rule_of_three
from analysis.sweep.matched import matched

OVERALL = "all stable cells"
_ONE = "one pair gives an interval for means and success only"


@dataclass(frozen=True)
class CellEffect:
    """How B differs from A in one quantity and one cell.

    Attributes:
        cell: Name of the cell, OVERALL for all of them, "" for two runs.
        quantity: What differs.
        effect: By how much.
        is_stable: Whether the target kept up in all runs of the cell.
        p_holm: Of all cells of this quantity together; NaN where there is no interval.
        a, b: Geometric mean over repetitions, of shares the mean.
    """

    cell: str
    quantity: Quantity
    effect: Effect
    is_stable: bool
    a: float
    b: float
    p_holm: float = float("nan")


def effects_of(pairs: Sequence[Pair]) -> list[CellEffect]:
    """Every quantity that is known in both arms, by cell, and over the stable cells if several."""
    cells: dict[str, list[Pair]] = {}
    for pair in pairs:
        cells.setdefault(pair.place.name, []).append(pair)
    found: list[CellEffect] = []
    for quantity in QUANTITIES:
        known = [_in_cell(name, quantity, own) for name, own in cells.items()]
        rows = [row for row in known if row is not None]
        found += _together(rows)
        if len(cells) > 1 and rows:
            found += _overall(quantity, cells)
    return found


def _together(rows: Sequence[CellEffect]) -> list[CellEffect]:
    adjusted = holm(np.array([row.effect.p for row in rows]))
    return [replace(row, p_holm=float(p)) for row, p in zip(rows, adjusted, strict=True)]


def _in_cell(cell: str, quantity: Quantity, pairs: Sequence[Pair]) -> CellEffect | None:
    a, b = _values(quantity, pairs)
    if np.isnan(a).all() or np.isnan(b).all():
        return None
    effect = _effect(quantity, pairs, a, b)
    stable = all(pair.is_stable for pair in pairs)
    middle = _geometric if quantity.kind == RATIO else np.mean
    return CellEffect(cell, quantity, effect, stable, float(middle(a)), float(middle(b)))


def _values(quantity: Quantity, pairs: Sequence[Pair]) -> tuple[np.ndarray, np.ndarray]:
    nan = float("nan")
    a = np.array([pair.a.get(quantity.name, nan) for pair in pairs], float)
    b = np.array([pair.b.get(quantity.name, nan) for pair in pairs], float)
    return a, b


def _geometric(values: np.ndarray) -> float:
    return float(np.exp(np.log(values).mean())) if (values > 0).all() else float("nan")


def _effect(quantity: Quantity, pairs: Sequence[Pair], a: np.ndarray, b: np.ndarray) -> Effect:
    if quantity is SUCCESS and not any(sum(pair.failed) for pair in pairs):
        only = pairs[0].alone.get(quantity.name)
        saturated = len(pairs) == 1 and only is not None and only.suppressed == NEAR_SATURATION
        return only if saturated and only is not None else _never_failed(pairs)
    if len(pairs) == 1:
        return _alone(quantity, pairs[0], float(a[0]), float(b[0]))
    return (paired_log_ratio if quantity.kind == RATIO else paired_difference)(a, b)


def _never_failed(pairs: Sequence[Pair]) -> Effect:
    """Where nothing failed nothing varies: the rule of three bounds what either arm may hide."""
    a, b = (rule_of_three(sum(pair.sent[arm] for pair in pairs)) for arm in (0, 1))
    freedom = max(len(pairs) - 1, 1)
    return Difference(0.0, -b, a, 1.0, len(pairs), float("nan"), freedom=freedom)


def _alone(quantity: Quantity, pair: Pair, a: float, b: float) -> Effect:
    """From one pair: what it can say, else the estimate and why there is no interval."""
    effect = pair.alone.get(quantity.name)
    if effect is not None and not effect.suppressed:
        return effect
    reason = _ONE if effect is None else effect.suppressed
    if quantity.kind == RATIO:
        known = 0 < a < np.inf and 0 < b < np.inf
        return replace(no_ratio(reason, 1), estimate=b / a if known else float("nan"))
    nan = float("nan")
    return Difference(b - a, nan, nan, nan, 1, nan, reason)


def _overall(quantity: Quantity, cells: Mapping[str, Sequence[Pair]]) -> list[CellEffect]:
    """The mean over stable cells, in the repetitions that all of them have."""
    stable = {name: own for name, own in cells.items() if _is_known(quantity, own)}
    same = matched({name: {pair.place.repetition for pair in own} for name, own in stable.items()})
    kept = [
        [pair for pair in stable[name] if pair.place.repetition in same.repetitions]
        for name in same.items
    ]
    if not kept:
        return []
    a, b = (np.array(arm) for arm in zip(*(_values(quantity, own) for own in kept), strict=True))
    effect = _overall_effect(quantity, kept, a, b)
    middle = _geometric if quantity.kind == RATIO else np.mean
    name = f"{OVERALL} ({len(kept)} of {len(cells)})"
    return [CellEffect(name, quantity, effect, True, float(middle(a)), float(middle(b)), effect.p)]


def _is_known(quantity: Quantity, pairs: Sequence[Pair]) -> bool:
    values = np.concatenate(_values(quantity, pairs))
    return all(pair.is_stable for pair in pairs) and bool(np.isfinite(values).all())


def _overall_effect(
    quantity: Quantity, cells: Sequence[Sequence[Pair]], a: np.ndarray, b: np.ndarray
) -> Effect:
    everything = [pair for own in cells for pair in own]
    if quantity is SUCCESS and not any(sum(pair.failed) for pair in everything):
        return replace(_never_failed(everything), pairs=a.shape[1])
    if quantity.kind == RATIO:
        return overall_ratio(list(zip(a, b, strict=True)))
    return paired_difference(a.mean(axis=0), b.mean(axis=0))


def is_overall(found: CellEffect) -> bool:
    """Whether it is the answer over all stable cells."""
    return found.cell.startswith(OVERALL)
