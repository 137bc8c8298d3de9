"""What a model says beside what was measured: thin lines in ink, over it."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.style import INK, DurationUnit

_THIN: dict[str, Any] = {"color": INK, "linewidth": 0.8, "zorder": 3.5}
_DASHED: dict[str, Any] = {**_THIN, "linestyle": (0, (4, 2))}


def draw_model_pods(axes: Axes, steps: pd.DataFrame | None) -> None:
    """Ready pods of a model: `t_s`, `ready_pods`; nothing without one."""
    if steps is not None:
        axes.step(steps["t_s"], steps["ready_pods"], where="post", label="modelled", **_THIN)


def draw_model_latency(
    axes: Axes, windows: pd.DataFrame | None, unit: DurationUnit, label: str
) -> None:
    """Median and p99 of a model in windows: `t_s`, `p50_s`, `p99_s`; nothing without one."""
    if windows is None:
        return
    for column, name, look in (("p50_s", label, _THIN), ("p99_s", "_", _DASHED)):
        # +inf (not reached) and empty windows leave a gap, as in the measured lines.
        values = windows[column].where(np.isfinite(windows[column])) * unit.scale
        axes.step(windows["t_s"], values, where="post", label=name, **look)


def draw_model_line(axes: Axes, x: pd.Series, y: pd.Series, color: str, style: str = "-") -> None:
    """A model's values in the colour of the measured ones, thin; those not finite are left out."""
    shown = y.where(np.isfinite(y))
    look = {**_THIN, "color": color, "linestyle": style}
    axes.plot(x, shown, marker="x", markersize=3.5, markeredgewidth=0.8, **look)


def model_handle(axes: Axes) -> Any:
    """For a legend: what a model's lines look like."""
    return axes.plot([], [], marker="x", markersize=3.5, markeredgewidth=0.8, **_THIN)[0]


def draw_model_distribution(
    axes: Axes,
    curve: pd.DataFrame | None,
    column: str,
    unit: DurationUnit,
    *,
    label: str = "_",
    color: str = INK,
) -> None:
    """A model's `share` or `share_beyond` over `value` (seconds); nothing without one."""
    if curve is not None:
        shown = curve[(curve[column] > 0) & (curve["value"] > 0)]
        values = shown["value"] * unit.scale
        axes.step(values, shown[column], where="post", label=label, **{**_THIN, "color": color})
