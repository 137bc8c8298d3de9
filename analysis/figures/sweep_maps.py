"""Maps of a sweep: rate across, spin upwards, a panel per arm and law."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from analysis.figures.style import (
    GREY,
    NOTE,
    RED,
    Caption,
    framed,
    label_axes,
    new_figure,
    plain,
    styled,
)
from analysis.figures.sweep_keys import HATCHES, UNSTEADY, arm_title, laws_of

# On colours, whatever the reader's scheme: these two do not follow it.
_DARK, _LIGHT = "#101418", "#fdfdfd"
_MOST_WRITTEN = 12
_MOST_ACROSS = 14
_SQUARE_IN = 0.32
_BRIGHT = 0.5
_NARROW = 3.0
_EVEN = 1.02


@dataclass(frozen=True)
class Map:
    """What a map shows.

    Attributes:
        column: Of the cells.
        label: Of the colours.
        colors: Name of a colour map.
        norm: Of the finite values that are shown: "log" from 1 on, "even" both sides of 1, or
            "share" from 0 to 1.
        write: A value as text.
        in_unsteady: Whether cells in overload have a value too; else they are hatched only.
    """

    column: str
    label: str
    colors: str
    norm: str
    write: Callable[[float], str]
    in_unsteady: bool = False


@styled
def cell_maps(cells: pd.DataFrame, shown: Map, caption: Caption, by: str = "law") -> Figure:
    """A panel for each arm and law (or arm alone), cells coloured, hatched by class.

    The red line is where the offered load is all that the cores can do (rho = 1).

    Args:
        cells: `arm`, `law`, `spin_s`, `spin`, `rate_rps`, `rho`, `class`, and the column shown;
            `marked` for cells whose text is bold.
        shown: What to show.
        caption: Title and note.
        by: "law", or "" where cells have none.
    """
    arms = list(dict.fromkeys(cells["arm"]))
    laws = laws_of(cells) if by else [""]
    rates, spins = (sorted(cells[name].unique().tolist()) for name in ("rate_rps", "spin_s"))
    columns = len(laws) if len(laws) * len(rates) <= _MOST_ACROSS else 1
    lines = len(arms) * len(laws) // columns
    figure = new_figure(1.5 + (0.75 + max(_SQUARE_IN * len(spins), 1.2)) * lines)
    grid = figure.subplots(lines, columns, squeeze=False, sharex=True, sharey=True)
    norm, cmap = _norm(cells, shown), colormaps[shown.colors]
    places = [(arm, law) for arm in arms for law in laws]
    for number, (arm, law) in enumerate(places):
        row, column = divmod(number, columns)
        own = cells[cells["arm"].eq(arm) & (cells["law"].eq(law) if by else True)]
        axes: Axes = grid[row, column]
        _panel(axes, own, shown, (rates, spins), (norm, cmap))
        titles = [plain(law), arm_title(arm, len(arms))]
        label_axes(
            axes,
            "offered rate (requests/s)" if row == lines - 1 else "",
            "spin (ms)" if column == 0 else "",
            ", ".join(title for title in titles if title),
        )
    _color_bar(figure, grid, shown, (norm, cmap))
    _legend(figure, cells)
    return framed(figure, caption)


def _norm(cells: pd.DataFrame, shown: Map) -> Normalize:
    if shown.norm == "share":
        return Normalize(0.0, 1.0)
    values = _visible(cells, shown).dropna()
    if shown.norm == "log":
        return LogNorm(1.0, max(float(values.max()) if len(values) else 0.0, _EVEN))
    spread = float(np.abs(np.log(values)).max()) if len(values) else 0.0
    spread = max(spread, float(np.log(_EVEN)))
    return LogNorm(np.exp(-spread), np.exp(spread))


def _visible(cells: pd.DataFrame, shown: Map) -> pd.Series:
    values = cells[shown.column]
    hidden = ~np.isfinite(values)
    if not shown.in_unsteady and "bound" in cells:
        hidden |= cells["bound"]
    return values.mask(hidden)


def _panel(
    axes: Axes,
    own: pd.DataFrame,
    shown: Map,
    grid: tuple[list[float], list[float]],
    colors: tuple[Normalize, Colormap],
) -> None:
    rates, spins = grid
    visible = _visible(own, shown)
    written = len(rates) <= _MOST_WRITTEN
    marked = own["marked"] if "marked" in own else own["rate_rps"].isna()
    columns = (own["rate_rps"], own["spin_s"], own["class"], visible, marked)
    for rate_rps, spin_s, name, number, bold in zip(*columns, strict=True):
        place = (rates.index(rate_rps), spins.index(spin_s))
        value = None if np.isnan(number) else float(number)
        _square(axes, place, value, name, colors)
        if value is not None and written:
            _text(axes, place, shown.write(value), colors[1](colors[0](value)), bold=bool(bold))
    _saturation(axes, own, rates, spins)
    axes.set_xlim(-0.5, len(rates) - 0.5)
    axes.set_ylim(-0.5, len(spins) - 0.5)
    axes.set_xticks(range(len(rates)), [f"{rate:g}" for rate in rates])
    axes.set_yticks(range(len(spins)), [f"{1000 * spin:g}" for spin in spins])
    axes.grid(visible=False)


def _square(
    axes: Axes,
    place: tuple[int, int],
    value: float | None,
    name: str,
    colors: tuple[Normalize, Colormap],
) -> None:
    norm, cmap = colors
    corner = (place[0] - 0.5, place[1] - 0.5)
    face = cmap(norm(value)) if value is not None else "none"
    axes.add_patch(Rectangle(corner, 1, 1, facecolor=face, edgecolor="none"))
    if name in HATCHES:
        axes.add_patch(
            Rectangle(
                corner, 1, 1, facecolor="none", edgecolor=GREY, hatch=HATCHES[name], linewidth=0
            )
        )
    if value is None and name not in UNSTEADY:
        axes.text(*place, "-", ha="center", va="center", color=NOTE, size=7.5)


def _text(
    axes: Axes, place: tuple[int, int], text: str, face: tuple[float, ...], *, bold: bool
) -> None:
    red, green, blue = face[:3]
    bright = 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT
    axes.text(
        *place,
        text,
        ha="center",
        va="center",
        size=7.5,
        color=_DARK if bright else _LIGHT,
        weight="bold" if bold else "normal",
    )


def _saturation(axes: Axes, own: pd.DataFrame, rates: list[float], spins: list[float]) -> None:
    """The border between cells below rho = 1 and the others."""
    over = {
        (rates.index(rate), spins.index(spin)): rho >= 1
        for rate, spin, rho in own[["rate_rps", "spin_s", "rho"]].itertuples(index=False)
        if np.isfinite(rho)
    }
    style: dict[str, Any] = {"color": RED, "linewidth": 2.0, "solid_capstyle": "round"}
    for (x, y), is_over in over.items():
        if over.get((x + 1, y), is_over) != is_over:
            axes.plot([x + 0.5, x + 0.5], [y - 0.5, y + 0.5], **style)
        if over.get((x, y + 1), is_over) != is_over:
            axes.plot([x - 0.5, x + 0.5], [y + 0.5, y + 0.5], **style)


def _color_bar(
    figure: Figure, grid: np.ndarray, shown: Map, colors: tuple[Normalize, Colormap]
) -> None:
    norm, cmap = colors
    bar = figure.colorbar(
        ScalarMappable(norm, cmap), ax=grid, label=shown.label, fraction=0.05, aspect=25
    )
    bar.outline.set_visible(False)
    if shown.norm != "share":
        narrow = norm.vmax / norm.vmin < _NARROW if norm.vmax and norm.vmin else True
        ticks = MaxNLocator(5) if narrow else LogLocator(subs=(1.0, 2.0, 5.0))
        bar.ax.yaxis.set_major_locator(ticks)
        bar.ax.yaxis.set_minor_locator(NullLocator())
    percent = shown.norm == "share"
    bar.ax.yaxis.set_major_formatter(
        FuncFormatter(lambda v, _: f"{100 * v:g} %" if percent else f"{v:.4g}")
    )


def _legend(figure: Figure, cells: pd.DataFrame) -> None:
    there = [name for name in HATCHES if cells["class"].eq(name).any()]
    handles: list[Patch | Line2D] = [
        Patch(facecolor="none", edgecolor=GREY, hatch=HATCHES[name], label=name, linewidth=0)
        for name in there
    ]
    rho = cells["rho"]
    if (rho >= 1).any() and (rho < 1).any():
        handles.append(Line2D([], [], color=RED, linewidth=2.0, label="rho = 1"))
    if handles:
        figure.legend(handles=handles, loc="outside right upper")
