"""Cells of a sweep as points: slowdown against the load, goodput against what was offered."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.figures.style import (
    NOTE,
    RED,
    Caption,
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
    panel_grid,
    upper_edge,
)

_MOST_COLUMNS = 2
_PANEL_IN = 3.1


@styled
def slowdown_by_load(cells: pd.DataFrame, x: str, x_label: str, caption: Caption) -> Figure:
    """Mean slowdown of every cell against its load: do all cells fall on one curve?

    Args:
        cells: As from `sweep.cells.cells_of`.
        x: Column of the load: "rho", or "load_cores" where the cores are not known.
        x_label: Of the axis.
        caption: Title and note.
    """
    figure, panels, keys = _panels(cells)
    shown = _below_edge(cells)
    for arm, axes in panels.items():
        own = shown[shown["arm"].eq(arm)]
        for spin_s, law, points in by_line(own):
            _points(axes, points, x, keys.colors[spin_s], keys.markers[law])
        if x == "rho":
            axes.axvline(1.0, color=RED, linewidth=1.0)
        label_axes(axes, x_label, "slowdown (average, times)", arm_title(arm, len(panels)))
    log_axis(next(iter(panels.values())), "y")
    handles = keys.handles(markers=True)
    if cells["bound"].any():
        handles.append(lower_bound_handle())
    if x == "rho":
        handles.append(Line2D([], [], color=RED, linewidth=1.0, label="rho = 1"))
    legend_beside(figure, handles)
    return framed(figure, caption)


def _below_edge(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with lower bounds never far above the others; NaN where there is no value."""
    edge = upper_edge(cells["slowdown_mean"], cells["bound"])
    lowered = cells["slowdown_mean"].where(~cells["bound"], cells["slowdown_mean"].clip(upper=edge))
    return cells.assign(slowdown_mean=lowered.where(np.isfinite(lowered)))


def _panels(cells: pd.DataFrame) -> tuple[Figure, dict[str, Axes], Keys]:
    arms = list(dict.fromkeys(cells["arm"]))
    columns = min(len(arms), _MOST_COLUMNS)
    figure = new_figure(1.2 + _PANEL_IN * int(np.ceil(len(arms) / columns)))
    panels = panel_grid(figure, len(arms), columns)
    for axes in panels[1:]:
        axes.sharex(panels[0])
        axes.sharey(panels[0])
    return figure, dict(zip(arms, panels, strict=True)), keys_of(cells)


def _points(axes: Axes, points: pd.DataFrame, x: str, color: str, marker: str) -> None:
    y = points["slowdown_mean"]
    for shown, how, fill in ((~points["bound"], marker, "full"), (points["bound"], "^", "none")):
        axes.plot(
            points[x][shown],
            y[shown],
            linestyle="",
            marker=how,
            color=color,
            fillstyle=fill,
            markersize=4.5,
        )
    axes.vlines(
        points[x], points["slowdown_mean_low"], points["slowdown_mean_high"], color=color, lw=1.0
    )


@styled
def goodput_by_offered(cells: pd.DataFrame, caption: Caption) -> Figure:
    """Good answers a second against what was offered, with the line on which nothing is lost.

    Args:
        cells: As from `sweep.cells.cells_of`.
        caption: Title and note.
    """
    figure, panels, keys = _panels(cells)
    for arm, axes in panels.items():
        own = cells[cells["arm"].eq(arm)]
        for spin_s, law, line in by_line(own):
            axes.plot(
                line["rate_rps"],
                line["ok_rps"],
                color=keys.colors[spin_s],
                linestyle=keys.lines[law],
                marker=keys.markers[law],
                markersize=3.5,
            )
        most = float(cells["rate_rps"].max())
        axes.plot([0, most], [0, most], color=NOTE, linewidth=1.0, zorder=1)
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        title = arm_title(arm, len(panels))
        label_axes(axes, "offered rate (requests/s)", "goodput (good answers/s)", title)
    nothing_lost = Line2D([], [], color=NOTE, linewidth=1.0, label="nothing lost")
    legend_beside(figure, [*keys.handles(), nothing_lost])
    return framed(figure, caption)
