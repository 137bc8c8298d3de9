"""Was the load the one that was asked for?"""

import numpy as np
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
    new_figure,
    styled,
)
from analysis.laws import gap_quantile
from shapes.laws import TRACE, Law
from verdict.arrival_law import gap_cdf

_GAP = "gap (1 = the mean gap, operational time)"


@styled
def arrival_check(
    gaps: pd.DataFrame,
    quantiles: pd.DataFrame | None,
    behind: pd.DataFrame,
    law: Law,
    caption: Caption,
) -> Figure:
    """Gaps as sent against the law, their quantiles against each other, and planned minus sent.

    Args:
        gaps: `value`, `share`: the empirical distribution of the gaps.
        quantiles: `law_gap`, `sent_gap`; None for equidistant arrivals, which have one quantile.
        behind: `t_s`, `behind`, `unsent`.
        law: What the gaps should follow.
        caption: Title and note.
    """
    figure = new_figure(3.7)
    panels = figure.subplots(1, 2 if quantiles is None else 3, squeeze=False)[0]
    _gap_distribution(panels[0], gaps, law)
    if quantiles is not None:
        _quantiles(panels[1], quantiles)
    _behind(panels[-1], behind)
    return framed(figure, caption)


def _gap_distribution(axes: Axes, gaps: pd.DataFrame, law: Law) -> None:
    axes.step(gaps["value"], gaps["share"], where="post", color=BLUE, label="as sent")
    low, high = _shown_gaps(gaps, law)
    if law.name != TRACE:
        x = np.linspace(low, high, 400)
        y = gap_cdf(law, x) if law.is_random else (x >= 1).astype(float)
        axes.plot(x, y, color=INK, linestyle="--", linewidth=1.1, label="the law")
    axes.set_xlim(low, high)
    axes.legend(loc="lower right")
    label_axes(axes, _GAP, "share of gaps", "Distribution of gaps")


def _shown_gaps(gaps: pd.DataFrame, law: Law) -> tuple[float, float]:
    if law.name == TRACE:
        most = gaps.loc[gaps["share"].ge(0.995), "value"]
        return 0.0, float(most.min() if len(most) else gaps["value"].max())
    if law.is_random:
        return 0.0, float(gap_quantile(law, np.array([0.995]))[0])
    within = gaps.loc[gaps["share"].between(0.001, 0.999), "value"]
    around = max(float((within - 1).abs().max()) if len(within) else 0.0, 0.05) * 1.2
    return 1 - around, 1 + around


def _quantiles(axes: Axes, quantiles: pd.DataFrame) -> None:
    most = float(max(quantiles["law_gap"].max(), quantiles["sent_gap"].max()))
    axes.plot([0, most], [0, most], color=INK, linestyle="--", linewidth=1.1)
    axes.plot(quantiles["law_gap"], quantiles["sent_gap"], ".", color=BLUE, markersize=4)
    label_axes(axes, "gap by the law (mean gaps)", "gap as sent (mean gaps)", "Quantiles")


def _behind(axes: Axes, behind: pd.DataFrame) -> None:
    axes.step(behind["t_s"], behind["behind"], where="pre", color=ORANGE, label="planned - sent")
    if behind["unsent"].any():
        axes.step(behind["t_s"], behind["unsent"], where="pre", color=RED, label="unsent")
        axes.legend(loc="upper left")
    axes.set_ylim(min(0, behind["behind"].min()) - 0.5, max(behind["behind"].max() * 1.15, 5))
    label_axes(axes, "time in the run (s)", "arrivals (cumulative)", "Planned minus sent")
