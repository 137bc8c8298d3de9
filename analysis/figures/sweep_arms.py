"""The arms of a sweep side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.style import (
    BLUE,
    Caption,
    framed,
    label_axes,
    new_figure,
    plain,
    styled,
)


@dataclass(frozen=True)
class ArmMeasure:
    """A panel.

    Attributes:
        column: Of the arms; `column_low` and `column_high` are its interval.
        label: Of the axis, with its unit.
        scale: From the column's unit to the axis'.
    """

    column: str
    label: str
    scale: float = 1.0


@styled
def arms_beside(arms: pd.DataFrame, measures: Sequence[ArmMeasure], caption: Caption) -> Figure:
    """A line per arm, a panel per measure; bars are intervals over repetitions.

    Args:
        arms: `arm` and the columns that the measures name.
        measures: Panels from the left.
        caption: Title and note.
    """
    figure = new_figure(1.6 + 0.42 * len(arms))
    panels = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
    y = np.arange(len(arms))
    for axes, measure in zip(panels, measures, strict=True):
        value, low, high = (
            arms[f"{measure.column}{end}"].to_numpy(float) * measure.scale
            for end in ("", "_low", "_high")
        )
        axes.hlines(y, low, high, color=BLUE, linewidth=2.0)
        axes.plot(value, y, "o", color=BLUE, markersize=6)
        for place, number in enumerate(value):
            if np.isfinite(number):
                axes.annotate(
                    f"{number:.3g}", (number, place), (0, 7), textcoords="offset points", size=8,
                    ha="center",
                )  # fmt: skip
        largest = float(np.nanmax([*value, *high, 1e-9]))
        axes.set_xlim(-0.12 * largest, 1.15 * largest)
        label_axes(axes, measure.label, "")
    panels[0].set_yticks(y, [plain(name) for name in arms["arm"]])
    panels[0].set_ylim(len(arms) - 0.4, -0.7)
    return framed(figure, caption)
