"""What tells cells apart in every figure of a sweep: spins by colour, laws by line and marker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.figures.style import INK, NOTE, ordered_colors, plain

UNSTEADY = ("overload", "censored")
"""Classes whose latency has no mean."""
HATCHES = {"overload": "////", "censored": "xxxx", "generator-limited": "...."}
_LINES = ("-", "--", ":", "-.")
_LINE_NAMES = ("solid", "dashed", "dotted", "dash-dotted")
_MARKERS = ("o", "D", "s", "P")
_MOST_FACETS = 4
_FAR = 3.0
_MOST_TICKS = 10


@dataclass(frozen=True)
class Keys:
    """Colours of the spins and styles of the laws.

    Attributes:
        colors: Of each spin, in seconds.
        names: Of each spin, as "100ms".
        lines: Of each law.
        markers: Of each law.
    """

    colors: dict[float, str]
    names: dict[float, str]
    lines: dict[str, Any]
    markers: dict[str, str]

    def handles(self, *, markers: bool = False) -> list[Line2D]:
        """Entries of a legend: the spins, then the laws."""
        spins = [
            Line2D([], [], color=color, linewidth=2.5, label=f"spin {plain(self.names[spin])}")
            for spin, color in self.colors.items()
        ]
        laws = [
            Line2D([], [], color=INK, linestyle="", marker=self.markers[law], label=plain(law))
            if markers
            else Line2D([], [], color=INK, linestyle=style, label=plain(law))
            for law, style in self.lines.items()
        ]
        return spins + laws


def keys_of(cells: pd.DataFrame) -> Keys:
    """The same keys for all figures of a sweep."""
    spins = sorted(cells["spin_s"].unique().tolist())
    names = dict(zip(cells["spin_s"], cells["spin"], strict=True))
    laws = laws_of(cells)
    return Keys(
        colors=ordered_colors(spins),
        names={spin: names[spin] for spin in spins},
        lines={law: _LINES[n % len(_LINES)] for n, law in enumerate(laws)},
        markers={law: _MARKERS[n % len(_MARKERS)] for n, law in enumerate(laws)},
    )


def laws_of(cells: pd.DataFrame) -> list[str]:
    """Uniform first, which is drawn solid."""
    return sorted(cells["law"].unique().tolist(), key=lambda law: (law != "uniform", law))


def say_lines(cells: pd.DataFrame) -> str:
    """Which line is which law, as a sentence; nothing where there is one law alone."""
    laws = laws_of(cells)
    if len(laws) == 1:
        return ""
    said = [f"{law} {_LINE_NAMES[n % len(_LINES)]}" for n, law in enumerate(laws)]
    return f" {', '.join(said).capitalize()}."


def by_line(cells: pd.DataFrame) -> Iterator[tuple[float, str, pd.DataFrame]]:
    """Spin in seconds, law and rows of each line of a figure, by ascending rate."""
    for spin_s in sorted(cells["spin_s"].unique().tolist()):
        for law in laws_of(cells):
            own = cells[cells["spin_s"].eq(spin_s) & cells["law"].eq(law)]
            if len(own):
                yield spin_s, law, own.sort_values("rate_rps")


def some_of(values: Sequence[float], most: int = _MOST_FACETS) -> list[float]:
    """At most so many of the values, evenly chosen, the first and the last among them."""
    places = np.unique(np.linspace(0, len(values) - 1, min(most, len(values))).round().astype(int))
    return [values[place] for place in places.tolist()]


def rate_axis(axes: Axes, cells: pd.DataFrame) -> None:
    """Ticks at the rates of the sweep, all of them in view; thinned where there are many."""
    rates = sorted(cells["rate_rps"].unique().tolist())
    axes.set_xticks(some_of(rates, _MOST_TICKS))
    axes.set_xlim(*_around(rates[0], rates[-1]))


def _around(low: float, high: float) -> tuple[float, float]:
    margin = 0.06 * (high - low) or 0.1 * low
    return low - margin, high + margin


def upper_edge(values: pd.Series, bound: pd.Series) -> float:
    """Where lower bounds that lie far above everything else are drawn; +inf for no such edge.

    Without it a few calls in overload would press all other cells together.
    """
    steady = values[~bound & np.isfinite(values)]
    return float(steady.max()) * _FAR if len(steady) else np.inf


def lower_bound_handle() -> Line2D:
    """The legend's entry for values that are lower bounds."""
    return Line2D(
        [], [], color=NOTE, linestyle="", marker="^", fillstyle="none", label="lower bound"
    )


def arm_title(arm: str, arms: int) -> str:
    """Title of an arm's panel; a single arm needs none."""
    return f"arm {plain(arm)}" if arms > 1 else ""


def legend_beside(figure: Figure, handles: Sequence[Line2D]) -> None:
    """One legend to the right of all panels."""
    figure.legend(handles=list(handles), loc="outside right upper")


def panel_grid(figure: Figure, count: int, columns: int) -> list[Axes]:
    """So many panels in lines of `columns`, the rest hidden."""
    lines = int(np.ceil(count / columns))
    panels = figure.subplots(lines, columns, squeeze=False).ravel().tolist()
    for axes in panels[count:]:
        axes.set_visible(False)
    return list(panels[:count])
