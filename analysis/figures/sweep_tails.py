"""Distributions of slowdown in a sweep, and their tails."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.figures.style import (
    INK,
    Caption,
    framed,
    label_axes,
    log_axis,
    new_figure,
    ordered_colors,
    plain,
    styled,
)
from analysis.figures.sweep_keys import keys_of, legend_beside

_BODY, _TAIL = "share of sent calls", "share of sent calls slower"


@styled
def slowdown_tails(curves: pd.DataFrame, caption: Caption) -> Figure:
    """Above the empirical distribution, below its tail on logarithmic axes; a column per spin.

    Args:
        curves: `law`, `spin_s`, `spin`, `rate_rps`, `value`, `share`, `share_beyond`.
        caption: Title and note.
    """
    spins = sorted(curves["spin_s"].unique().tolist())
    keys = keys_of(curves)
    colors = ordered_colors(sorted(curves["rate_rps"].unique().tolist()))
    figure = new_figure(6.2)
    grid = figure.subplots(2, len(spins), squeeze=False, sharex=True, sharey="row")
    for number, spin_s in enumerate(spins):
        own = curves[curves["spin_s"].eq(spin_s)]
        for axes, column in zip(grid[:, number], ("share", "share_beyond"), strict=True):
            _panel(axes, own, column, colors, keys.lines)
        body, tail = (_BODY, _TAIL) if number == 0 else ("", "")
        label_axes(grid[0, number], "", body, f"spin {plain(keys.names[spin_s])}")
        label_axes(grid[1, number], "slowdown (times)", tail)
    log_axis(grid[0, 0], "x")
    log_axis(grid[1, 0], "y")
    grid[0, 0].set_ylim(0, 1.02)
    legend_beside(figure, _handles(colors, keys.lines))
    return framed(figure, caption)


def _panel(
    axes: Axes,
    own: pd.DataFrame,
    column: str,
    colors: dict[float, str],
    lines: dict[str, Any],
) -> None:
    for rate_rps, law in own[["rate_rps", "law"]].drop_duplicates().itertuples(index=False):
        curve = own[own["rate_rps"].eq(rate_rps) & own["law"].eq(law)]
        shown = curve if column == "share" else curve[curve[column] > 0]
        axes.step(
            shown["value"],
            shown[column],
            where="post",
            color=colors[rate_rps],
            linestyle=lines[law],
            linewidth=1.2,
        )


def _handles(colors: dict[float, str], lines: dict[str, Any]) -> list[Line2D]:
    rates = [
        Line2D([], [], color=color, linewidth=2.5, label=f"{rate:g} rps")
        for rate, color in colors.items()
    ]
    laws = [
        Line2D([], [], color=INK, linestyle=style, label=plain(law)) for law, style in lines.items()
    ]
    return rates + laws
