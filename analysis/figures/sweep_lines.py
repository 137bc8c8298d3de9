"""Quantities of a sweep against the offered rate: a line per spin and law."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.figures.style import (
    INK,
    Caption,
    duration_unit,
    framed,
    label_axes,
    log_axis,
    new_figure,
    styled,
)
from analysis.figures.sweep_keys import (
    Keys,
    arm_title,
    by_line,
    keys_of,
    legend_beside,
    lower_bound_handle,
    rate_axis,
    upper_edge,
)

_PANEL_IN = 3.5


@dataclass(frozen=True)
class Measure:
    """What a column of panels shows.

    Attributes:
        column: Of the cells; `column_low` and `column_high` are its interval and `model_column`
            what a model said.
        ceiling: Column with the value from which on calls are cut off by their deadline.
        label: Of the axis; "{unit}" becomes ms or s.
    """

    column: str
    ceiling: str
    label: str


@styled
def measures_by_rate(cells: pd.DataFrame, measures: Sequence[Measure], caption: Caption) -> Figure:
    """A row of panels per arm, a column per measure; bands are intervals over repetitions.

    Cells without a mean of their own (`bound`) are triangles that no line joins: what is drawn is a
    lower bound, at the deadline where it was not reached at all, and never far above the others.

    Args:
        cells: As from `sweep.cells.cells_of`, with the columns that the measures name.
        measures: What to draw.
        caption: Title and note.
    """
    arms = list(dict.fromkeys(cells["arm"]))
    keys = keys_of(cells)
    figure = new_figure(1.2 + _PANEL_IN * len(arms))
    grid = figure.subplots(len(arms), len(measures), squeeze=False, sharex=True, sharey="col")
    for number, measure in enumerate(measures):
        edge = upper_edge(cells[measure.column], cells["bound"])
        scale, label = _unit(cells, measure, edge)
        for arm, axes in zip(arms, grid[:, number], strict=True):
            _panel(axes, cells[cells["arm"].eq(arm)], measure, keys, (scale, edge))
            x = "offered rate (requests/s)" if arm == arms[-1] else ""
            label_axes(axes, x, label, arm_title(arm, len(arms)))
            rate_axis(axes, cells)
        log_axis(grid[0, number], "y")
    legend_beside(figure, _handles(cells, measures, keys))
    return framed(figure, caption)


def _unit(cells: pd.DataFrame, measure: Measure, edge: float) -> tuple[float, str]:
    if "{unit}" not in measure.label:
        return 1.0, measure.label
    drawn = _reached(cells, measure, edge)
    unit = duration_unit(float(drawn.max()) if drawn.notna().any() else 0.0)
    return unit.scale, measure.label.format(unit=unit.name)


def _reached(cells: pd.DataFrame, measure: Measure, edge: float) -> pd.Series:
    """What is drawn of each cell: its value, at most the deadline, a bound at most the edge."""
    value = cells[measure.column].clip(upper=cells[measure.ceiling])
    return value.where(~cells["bound"], value.clip(upper=edge))


def _panel(
    axes: Axes,
    cells: pd.DataFrame,
    measure: Measure,
    keys: Keys,
    scale_and_edge: tuple[float, float],
) -> None:
    for spin_s, law, line in by_line(cells):
        style = {"color": keys.colors[spin_s], "linestyle": keys.lines[law]}
        _line(axes, line, measure, style, scale_and_edge)


def _line(
    axes: Axes,
    line: pd.DataFrame,
    measure: Measure,
    style: dict[str, Any],
    scale_and_edge: tuple[float, float],
) -> None:
    scale, edge = scale_and_edge
    x, value = line["rate_rps"], line[measure.column] * scale
    steady = ~line["bound"] & np.isfinite(value)
    axes.plot(x[steady], value[steady], marker=".", markersize=5, **style)
    low, high = (line[f"{measure.column}_{end}"][steady] * scale for end in ("low", "high"))
    axes.fill_between(x[steady], low, high, color=style["color"], alpha=0.22, linewidth=0, zorder=1)
    bound = line["bound"] & line["repetitions"].gt(0)
    reached = (_reached(line, measure, edge) * scale).where(bound)
    axes.plot(x, reached, "^", color=style["color"], fillstyle="none", markersize=5)
    modelled = f"model_{measure.column}"
    if modelled in line:
        model = (line[modelled] * scale).where(steady)
        axes.plot(x, model, linewidth=0.7, **style)


def _handles(cells: pd.DataFrame, measures: Sequence[Measure], keys: Keys) -> list[Line2D]:
    handles = keys.handles()
    if cells["bound"].any():
        handles.append(lower_bound_handle())
    modelled = [f"model_{measure.column}" for measure in measures]
    if any(name in cells and cells[name].notna().any() for name in modelled):
        handles.append(Line2D([], [], color=INK, linewidth=0.7, label="model"))
    return handles
