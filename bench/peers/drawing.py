"""What the benchmark's figures share: panels, colours, curves."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.peers.rows import Row
from bench.peers.tables import by_client

WIDTH_IN, PANEL_IN, HEIGHT_IN = 9.0, 3.2, 3.2
OURS, OTHERS = "#0b6e4f", "#7a7a7a"
_COLOURS = ("#4477aa", "#ee6677", "#ccbb44", "#aa3377", "#66ccee", "#228833", "#997700", "#222222")


def panels(count: int, width_in: float, height_in: float) -> tuple[Figure, Sequence[Axes]]:
    """A figure with so many plots side by side."""
    figure = Figure(figsize=(width_in, height_in), layout="constrained")
    made = figure.subplots(1, count, squeeze=False)[0]
    for axes in made:
        axes.grid(visible=True, linewidth=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    return figure, made


def drawn(rows: Sequence[Row], name: str) -> list[tuple[str, list[Row]]]:
    """By client, the rows that have a curve."""
    return by_client(row for row in rows if name in row.curves)


def curve(rows: Sequence[Row], name: str) -> np.ndarray:
    """The mean over repetitions."""
    return np.asarray(np.mean([row.curves[name] for row in rows], axis=0))


def shares(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """The share that each quantile of a curve stands for."""
    return np.linspace(0, 1, len(values))


def colours_of(names: Iterable[str]) -> Mapping[str, str]:
    """A colour for each name, the same in every plot that is given it."""
    return {name: colour(number) for number, name in enumerate(dict.fromkeys(names))}


def legend_beside(figure: Figure, plots: Sequence[Axes]) -> None:
    """One legend for all plots, each label once."""
    handles = {
        label: handle
        for axes in plots
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="outside right center", fontsize=6)


def colour(number: int) -> str:
    """One that can be told from its neighbours."""
    return _COLOURS[number % len(_COLOURS)]
