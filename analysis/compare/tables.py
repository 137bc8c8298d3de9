"""The tables of a comparison: as CSV, and on its page."""

import pandas as pd

from analysis.compare.comparison import Comparison
from analysis.compare.effects import CellEffect, is_overall
from analysis.compare.wording import say_bounds, say_size, say_value
from analysis.report.page import Cell, Table

_SIGNIFICANT = 0.05


def effects_frame(comparison: Comparison) -> pd.DataFrame:
    """One row for each quantity and cell."""
    rows = [_row(found) for found in comparison.effects]
    return pd.DataFrame(rows).assign(significant=lambda table: table["p_holm"] < _SIGNIFICANT)


def _row(found: CellEffect) -> dict[str, object]:
    effect = found.effect
    return {
        "quantity": found.quantity.name,
        "cell": found.cell or "the run",
        "is_overall": is_overall(found),
        "stable": found.is_stable,
        "pairs": effect.pairs,
        "a": found.a,
        "b": found.b,
        "estimate": effect.estimate,
        "low": effect.low,
        "high": effect.high,
        "p": effect.p,
        "p_holm": found.p_holm,
        "correlation": effect.correlation,
        "why_none": effect.suppressed,
    }


def pairs_frame(comparison: Comparison) -> pd.DataFrame:
    """One row for each pair: what effects are made of."""
    rows = []
    for pair in comparison.pairs:
        values = {f"a_{name.rpartition('_')[0]}": value for name, value in pair.a.items()}
        values |= {f"b_{name.rpartition('_')[0]}": value for name, value in pair.b.items()}
        place = {"cell": pair.place.name or "the run", "repetition": pair.place.repetition}
        ids = {"a_run": pair.run_ids[0], "b_run": pair.run_ids[1]}
        warm_up = {"warm_up_s": pair.warm_up.used_s, "mser5_s": pair.warm_up.mser5_s}
        counts = {"a_sent": pair.sent[0], "b_sent": pair.sent[1]}
        rows.append({**place, **ids, "stable": pair.is_stable, **warm_up, **counts, **values})
    return pd.DataFrame(rows)


def effects_table(comparison: Comparison) -> Table:
    """The effects in words."""
    heads = ("quantity", "cell", "A", "B", "B beside A", "95 % interval", "p (Holm)", "pairs")
    numbers = {"A", "B", "p (Holm)", "pairs"}
    rows = [cells for found in comparison.effects for cells in _cells(found, len(heads))]
    head = [Cell(name, "number" if name in numbers else "") for name in heads]
    return Table(rows, head, kind="runs", file="effects.csv")


def _cells(found: CellEffect, columns: int) -> list[list[Cell]]:
    effect = found.effect
    row = [
        Cell(found.quantity.words),
        Cell(found.cell or "the run"),
        Cell(say_value(found, found.a), "number"),
        Cell(say_value(found, found.b), "number"),
        Cell(say_size(effect)),
        Cell("none" if effect.suppressed else say_bounds(effect)),
        Cell("-" if effect.suppressed else f"{found.p_holm:.2g}", "number"),
        Cell(str(effect.pairs), "number"),
    ]
    why = [[Cell(f"no interval: {effect.suppressed}", "reason", span=columns)]]
    return [row, *(why if effect.suppressed else [])]
