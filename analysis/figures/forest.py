"""Effects cell by cell with their intervals, and the one over all: a forest plot."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.figures.style import (
    BLUE,
    INK,
    NOTE,
    RED,
    Caption,
    framed,
    label_axes,
    log_axis,
    new_figure,
    plain,
    styled,
)

_ROW_IN = 0.24
_LABEL = 60
_NARROW = 1.9


@styled
def forest(
    rows: pd.DataFrame, limits: Sequence[float], caption: Caption, *, is_ratio: bool
) -> Figure:
    """One line a cell, the summary last.

    Filled marks are effects that Holm's correction leaves significant; hollow ones have none. A
    cross has no interval: nothing may be concluded from it.

    Args:
        rows: `cell`, `estimate`, `low`, `high`, `significant`, `is_overall`, in order from above.
        limits: Where `--fail-if` draws its lines.
        caption: Title and note.
        is_ratio: Whether effects are ratios, else differences of shares.
    """
    figure = new_figure(1.7 + _ROW_IN * len(rows))
    axes = figure.subplots()
    for place, row in enumerate(rows.itertuples()):
        _effect(axes, place, row)
    axes.axvline(1.0 if is_ratio else 0.0, color=INK, linewidth=1.0)
    for limit in limits:
        axes.axvline(limit, color=RED, linestyle="--", linewidth=1.1)
    axes.set_yticks(range(len(rows)), [plain(name, _LABEL) for name in rows["cell"]])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    _scale(axes, rows, limits, is_ratio=is_ratio)
    return framed(figure, caption)


def _effect(axes: Axes, place: int, row: tuple[object, ...]) -> None:
    low, estimate, high = (getattr(row, name) for name in ("low", "estimate", "high"))
    overall = bool(getattr(row, "is_overall"))  # noqa: B009 - rows have no types
    color = INK if overall else BLUE
    if not np.isfinite(estimate):
        return
    if not np.isfinite(low):
        axes.plot(estimate, place, "x", color=NOTE, markersize=6)
        return
    axes.hlines(place, low, high, color=color, linewidth=2.2 if overall else 1.4)
    face = color if getattr(row, "significant") else "none"  # noqa: B009
    marker = "D" if overall else "o"
    axes.plot(estimate, place, marker, color=color, markerfacecolor=face, markersize=6)


def _scale(axes: Axes, rows: pd.DataFrame, limits: Sequence[float], *, is_ratio: bool) -> None:
    shown = rows[["low", "estimate", "high"]].to_numpy(float).ravel()
    shown = np.concatenate([shown[np.isfinite(shown)], limits, [1.0 if is_ratio else 0.0]])
    if not is_ratio:
        label_axes(axes, "B - A (percentage points)", "")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g}"))
        return
    # Never so near that noise looks like a mountain.
    axes.set_xlim(min(shown.min(), 0.95) / 1.03, max(shown.max(), 1 / 0.95) * 1.03)
    log_axis(axes, "x")
    if max(shown.max(), 1.0) / min(shown.min(), 1.0) < _NARROW:
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))  # 1 is among them
    label_axes(axes, "B / A", "")
