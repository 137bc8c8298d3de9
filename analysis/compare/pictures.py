"""The pictures of a comparison: a forest plot for each quantity that says something."""

from collections.abc import Sequence

import pandas as pd

from analysis.compare.comparison import Comparison
from analysis.compare.effects import CellEffect, is_overall
from analysis.compare.quantities import QUANTITIES, RATIO, Quantity
from analysis.compare.tables import effects_frame
from analysis.compare.wording import say_effect
from analysis.figures.forest import forest
from analysis.figures.style import Caption
from analysis.report.picture import Picture
from verdict.wording import say_many

HEADING = "B beside A"
_MOST_CELLS = 60
_OF_SEVERAL = ("p99_ratio", "mean_ratio", "slowdown_ratio", "success_diff", "cost_ratio")


def pictures_of(comparison: Comparison) -> list[Picture]:
    """Two runs: all ratios in one plot. Several cells: a plot a quantity, a line a cell."""
    table = effects_frame(comparison)
    if len(comparison.cells) == 1:
        return [_of_one_cell(comparison, table)]
    shown = [quantity for quantity in QUANTITIES if quantity.name in _OF_SEVERAL]
    pictures = [_of_cells(quantity, comparison, table) for quantity in shown]
    return [picture for picture in pictures if picture is not None]


def _of_one_cell(comparison: Comparison, table: pd.DataFrame) -> Picture:
    ratios = table[[found.quantity.kind == RATIO for found in comparison.effects]]
    words = {quantity.name: quantity.words for quantity in QUANTITIES}
    rows = ratios.assign(cell=ratios["quantity"].map(words))
    limits = [one.limit.value for one in comparison.judged if one.limit.quantity.kind == RATIO]
    caption = Caption("How many times larger B is than A", _note(comparison, comparison.effects))
    figure = forest(rows, limits, caption, is_ratio=True)
    return Picture("ratios", HEADING, caption, figure, {"": rows})


def _of_cells(quantity: Quantity, comparison: Comparison, table: pd.DataFrame) -> Picture | None:
    own = [found for found in comparison.effects if found.quantity is quantity]
    rows = table[table["quantity"].eq(quantity.name)]
    if rows.empty:
        return None
    rows = pd.concat([_drawn(rows[~rows["is_overall"]]), rows[rows["is_overall"]]])
    answer = comparison.answer(quantity.name)
    said = say_effect(answer.effect) if answer else "in no stable cell of both"
    caption = Caption(f"{quantity.words.capitalize()} of B: {said}", _note(comparison, own))
    limits = [one.limit.value for one in comparison.judged if one.limit.quantity is quantity]
    figure = forest(rows, limits, caption, is_ratio=quantity.kind == RATIO)
    return Picture(quantity.name, HEADING, caption, figure, {"": rows})


def _drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """As many as fit: those with the largest effects, in the order of the cells."""
    if len(rows) <= _MOST_CELLS:
        return rows
    size = (rows["estimate"] - 1).abs().fillna(0.0)
    return rows.loc[size.nlargest(_MOST_CELLS).index.sort_values()]


def _note(comparison: Comparison, own: Sequence[CellEffect]) -> str:
    cells = sum(not is_overall(found) for found in own)
    without = sum(bool(found.effect.suppressed) for found in own)
    cut = ""
    if len(comparison.cells) > 1 and cells > _MOST_CELLS:
        cut = f" Drawn: the {_MOST_CELLS} cells with the largest effects of {cells}."
    return (
        f"{say_many(len(comparison.pairs), 'pair')} of runs with the same arrivals. Bars: 95 %"
        " intervals. Filled: significant, where there are several cells with Holm's correction."
        f" Crosses: no interval ({without}). Dashed: limits.{cut}"
    )
