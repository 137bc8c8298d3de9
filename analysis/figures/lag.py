"""How late the generator itself was."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import (
    BLUE,
    INK,
    ORANGE,
    RED,
    Caption,
    framed,
    label_axes,
    legend_right,
    log_axis,
    new_figure,
    styled,
)

_FINEST_MS = 1e-3
_MARKERS = {0.5: "o", 0.99: "s", 0.999: "^"}


@styled
def lag_distribution(
    curve: pd.DataFrame, marks: pd.DataFrame, limits_s: dict[str, float], caption: Caption
) -> Figure:
    """Empirical distribution of send lag with its percentiles and the verdict's limits.

    Args:
        curve: `value` (seconds), `share`.
        marks: `quantile`, `latency_s` (here: lag).
        limits_s: The verdict's limits on p99 by level, in seconds; may be empty.
        caption: Title and note.
    """
    figure = new_figure(3.6)
    axes = figure.subplots()
    lag_ms = (curve["value"] * 1e3).clip(lower=_FINEST_MS)
    axes.step(lag_ms, curve["share"], where="post", color=BLUE)
    for quantile, lag_s in zip(marks["quantile"], marks["latency_s"], strict=True):
        _mark(axes, quantile, max(lag_s * 1e3, _FINEST_MS))
    for (level, limit_s), color in zip(limits_s.items(), (ORANGE, RED), strict=False):
        axes.axvline(limit_s * 1e3, color=color, linestyle="--", label=f"p99 limit: {level}")
    log_axis(axes, "x")
    axes.set_ylim(0, 1.03)
    legend_right(axes)
    label_axes(axes, "send lag = sent - intended (ms)", "share of sent calls")
    return framed(figure, caption)


def _mark(axes: Axes, quantile: float, lag_ms: float) -> None:
    label = f"p{quantile * 100:g}: {lag_ms:.3g} ms"
    axes.plot(lag_ms, quantile, _MARKERS.get(quantile, "o"), color=INK, label=label, markersize=6)
