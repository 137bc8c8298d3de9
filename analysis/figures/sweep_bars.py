"""Cells of a sweep as bars: where latency went, what failed."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.figures.bars import PARTS
from analysis.figures.style import (
    NOTE,
    SERIES,
    Caption,
    duration_unit,
    framed,
    label_axes,
    new_figure,
    plain,
    styled,
)
from analysis.figures.sweep_keys import laws_of
from verdict.wording import say_share

_PANEL_IN = 1.75


@styled
def parts_by_cell(cells: pd.DataFrame, caption: Caption) -> Figure:
    """Average parts of latency, stacked: a row of panels per spin, a column per law.

    Args:
        cells: Of one arm: `law`, `spin_s`, `spin`, `rate_rps` and `part_...` in seconds, NaN where
            a call failed or the cell is in overload.
        caption: Title and note.
    """
    laws, spins = laws_of(cells), sorted(cells["spin_s"].unique().tolist())
    rates = sorted(cells["rate_rps"].unique().tolist())
    figure = new_figure(1.3 + _PANEL_IN * len(spins))
    grid = figure.subplots(len(spins), len(laws), squeeze=False, sharex=True, sharey="row")
    used: set[str] = set()
    for (row, column), axes in np.ndenumerate(grid):
        own = cells[cells["spin_s"].eq(spins[row]) & cells["law"].eq(laws[column])]
        line = cells[cells["spin_s"].eq(spins[row])]
        unit = duration_unit(float(line[[f"part_{name}" for name in PARTS]].sum(axis=1).max()))
        used |= _stacked(axes, own, rates, unit.scale)
        title = f"{plain(laws[column])}, spin {plain(line['spin'].iloc[0])}"
        x = "offered rate (requests/s)" if row == len(spins) - 1 else ""
        label_axes(axes, x, f"latency ({unit.name})" if column == 0 else "", title)
        axes.grid(visible=False, axis="x")
    handles = [Patch(color=c, label=label) for label, c in PARTS.values() if label in used]
    figure.legend(handles=handles, loc="outside right upper")
    return framed(figure, caption)


def _stacked(axes: Axes, own: pd.DataFrame, rates: list[float], scale: float) -> set[str]:
    """Draw one panel; the labels of the parts that there are."""
    by_rate = own.set_index("rate_rps").reindex(rates)
    x = np.arange(len(rates))
    bottom, used = np.zeros(len(rates)), set()
    for part, (label, color) in PARTS.items():
        length = by_rate[f"part_{part}"].clip(lower=0).fillna(0.0).to_numpy(float) * scale
        if length.any():
            axes.bar(x, length, bottom=bottom, color=color, width=0.72)
            bottom = bottom + length
            used.add(label)
    for place, missing in enumerate(by_rate["part_lag_s"].isna()):
        if missing:
            axes.annotate(
                "-", (place, 0), (0, 3), textcoords="offset points", ha="center", color=NOTE
            )
    axes.set_xticks(x, [f"{rate:g}" for rate in rates])
    return used


@styled
def failures_by_cell(failures: pd.DataFrame, caption: Caption) -> Figure:
    """What failed in each cell, as shares of its planned calls, by class.

    Args:
        failures: Index of names of cells, a column of shares for each class, worst cell first.
        caption: Title and note.
    """
    figure = new_figure(1.5 + 0.24 * len(failures))
    axes = figure.subplots()
    positions, left = np.arange(len(failures)), np.zeros(len(failures))
    for number, name in enumerate(failures.columns):
        length = failures[name].to_numpy(float)
        color = SERIES[number % len(SERIES)]
        axes.barh(positions, length, left=left, color=color, height=0.7, label=plain(name))
        left = left + length
    for place, share in enumerate(left):
        axes.annotate(
            say_share(float(share)),
            (share, place),
            (4, 0),
            textcoords="offset points",
            va="center",
            size=8,
        )
    axes.set_yticks(positions, [plain(name) for name in failures.index])
    axes.set_ylim(len(failures) - 0.5, -0.5)
    axes.set_xlim(0, max(float(left.max()) * 1.18, 1e-6))
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:g} %")
    axes.grid(visible=False, axis="y")
    label_axes(axes, "not answered well (share of planned calls)", "")
    figure.legend(loc="outside right upper")
    return framed(figure, caption)
