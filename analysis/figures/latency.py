"""How long calls took, from the moment they should have left."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.model_lines import draw_model_distribution
from analysis.figures.style import (
    BLUE,
    GREY,
    ORANGE,
    RED,
    Caption,
    DurationUnit,
    duration_unit,
    framed,
    label_axes,
    legend_above,
    log_axis,
    new_figure,
    styled,
)

_MARKS = {0.5: ("median", ORANGE), 0.99: ("p99", RED)}


@styled
def latency_distribution(
    latency: pd.DataFrame,
    service: pd.DataFrame,
    marks: pd.DataFrame,
    caption: Caption,
    *,
    modelled: pd.DataFrame | None = None,
) -> Figure:
    """CDF of latency with median and p99, and the tail on logarithmic axes.

    Args:
        latency: `value` (seconds), `share`, `share_beyond` of received - intended.
        service: The same of received - sent, drawn thin for comparison.
        marks: `quantile` with `latency_s`, +inf drawn as not reached; may be empty.
        caption: Title and note.
        modelled: As `latency`, of a model; None where there is none.
    """
    figure = new_figure(4.0)
    body, tail = figure.subplots(1, 2, width_ratios=(3, 2))
    unit = duration_unit(float(latency["value"].max()) if len(latency) else 0.0)
    _cdf(body, latency, service, unit)
    for quantile, latency_s in zip(marks["quantile"], marks["latency_s"], strict=True):
        name, color = _MARKS[quantile]
        _mark(body, latency_s, unit, color, name)
    draw_model_distribution(body, modelled, "share", unit)
    _tail(tail, latency, modelled, unit)
    legend_above(body, 2)
    return framed(figure, caption)


def _cdf(axes: Axes, latency: pd.DataFrame, service: pd.DataFrame, unit: DurationUnit) -> None:
    axes.step(
        service["value"] * unit.scale,
        service["share"],
        where="post",
        color=GREY,
        linewidth=1.0,
        label="from sent",
    )
    axes.step(
        latency["value"] * unit.scale,
        latency["share"],
        where="post",
        color=BLUE,
        label="from intended",
    )
    axes.set_ylim(0, 1.02)
    label_axes(axes, f"latency ({unit.name})", "share of sent calls", "Distribution")


def _mark(axes: Axes, latency_s: float, unit: DurationUnit, color: str, name: str) -> None:
    if not np.isfinite(latency_s):
        height = 0.5 if name == "median" else 0.4
        text = f"{name} not reached"
        axes.text(0.99, height, text, ha="right", color=color, transform=axes.transAxes)
        return
    x = latency_s * unit.scale
    axes.axvline(x, color=color, linestyle="--")
    axes.annotate(
        f"{name} {x:.4g} {unit.name}",
        (x, 0.04),
        xytext=(4, 0),
        textcoords="offset points",
        rotation=90,
        color=color,
    )


def _tail(
    axes: Axes, latency: pd.DataFrame, modelled: pd.DataFrame | None, unit: DurationUnit
) -> None:
    shown = latency[(latency["share_beyond"] > 0) & (latency["value"] > 0)]
    axes.step(shown["value"] * unit.scale, shown["share_beyond"], where="post", color=BLUE)
    draw_model_distribution(axes, modelled, "share_beyond", unit, label="modelled")
    axes.axhline(0.01, color=RED, linestyle=":", linewidth=1.0)
    axes.annotate(
        "p99",
        (0, 0.01),
        xycoords=("axes fraction", "data"),
        xytext=(4, 3),
        textcoords="offset points",
        color=RED,
    )
    if len(shown):
        log_axis(axes, "x")
        log_axis(axes, "y")
    legend_above(axes, 1)
    label_axes(axes, f"latency ({unit.name})", "share of sent calls slower", "Tail (log axes)")
