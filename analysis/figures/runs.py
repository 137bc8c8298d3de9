"""Several runs: latency distributions per rate, and quantities against the rate."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.figures.model_lines import (
    draw_model_distribution,
    draw_model_line,
    model_handle,
)
from analysis.figures.style import (
    INK,
    NOTE,
    Caption,
    DurationUnit,
    duration_unit,
    framed,
    label_axes,
    log_axis,
    new_figure,
    ordered_colors,
    plain,
    styled,
)

_MOST_COLUMNS = 3


@styled
def latency_by_rate(
    curves: pd.DataFrame,
    marks: pd.DataFrame,
    caption: Caption,
    modelled: pd.DataFrame | None = None,
) -> Figure:
    """One latency CDF per rate with its median and p99 lines; a panel per spin.

    Args:
        curves: `spin`, `rate_rps`, `value` (seconds), `share`.
        marks: `spin`, `rate_rps`, `quantile` (0.5 and 0.99), `latency_s` (+inf: not reached).
        caption: Title and note.
        modelled: As `curves`, of models, drawn thin; None where there are none.
    """
    spins = list(dict.fromkeys(curves["spin"]))
    columns = min(len(spins), _MOST_COLUMNS)
    lines = int(np.ceil(len(spins) / columns))
    figure = new_figure(1.3 + 3.0 * lines)
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    colors = ordered_colors(sorted(curves["rate_rps"].unique()))
    for axes, spin in zip(panels, spins, strict=False):
        own = curves[curves["spin"].eq(spin)]
        unit = duration_unit(float(own["value"].max()) if len(own) else 0.0)
        if modelled is not None:
            _model_curves(axes, modelled[modelled["spin"].eq(spin)], colors, unit)
        _cdf_panel(axes, own, marks[marks["spin"].eq(spin)], colors, unit)
        axes.set_title(f"spin {plain(spin)}")
    for axes in panels[len(spins) :]:
        axes.set_visible(False)
    _legend_below(figure, panels[0], colors, has_models=modelled is not None)
    return framed(figure, caption)


def _cdf_panel(
    axes: Axes,
    curves: pd.DataFrame,
    marks: pd.DataFrame,
    colors: dict[float, str],
    unit: DurationUnit,
) -> None:
    for rate, color in colors.items():
        curve, mark = (frame[frame["rate_rps"].eq(rate)] for frame in (curves, marks))
        axes.step(curve["value"] * unit.scale, curve["share"], where="post", color=color)
        for quantile, latency_s in zip(mark["quantile"], mark["latency_s"], strict=True):
            _drop_line(axes, quantile, latency_s * unit.scale, color)
    log_axis(axes, "x")
    axes.set_ylim(0, 1.02)
    label_axes(axes, f"latency ({unit.name})", "share of sent calls")


def _model_curves(
    axes: Axes, modelled: pd.DataFrame, colors: dict[float, str], unit: DurationUnit
) -> None:
    for rate, color in colors.items():
        curve = modelled[modelled["rate_rps"].eq(rate)]
        draw_model_distribution(axes, curve, "share", unit, color=color)


def _drop_line(axes: Axes, quantile: float, x: float, color: str) -> None:
    if np.isfinite(x):
        style = ":" if quantile == 0.5 else "--"  # noqa: PLR2004 - the median
        axes.plot([x, x], [0, quantile], color=color, linestyle=style, linewidth=1.0)


def _legend_below(
    figure: Figure, axes: Axes, colors: dict[float, str], *, has_models: bool
) -> None:
    handles = [axes.plot([], [], color=color)[0] for color in colors.values()]
    labels = [f"{rate:g} rps" for rate in colors]
    handles += [axes.plot([], [], color=INK, linestyle=s, linewidth=1.0)[0] for s in (":", "--")]
    labels += ["median", "p99"]
    if has_models:
        handles.append(model_handle(axes))
        labels.append("thin: modelled")
    figure.legend(handles, labels, loc="outside right upper", title="offered rate")


@dataclass(frozen=True)
class Quantity:
    """What is drawn against the rate.

    Attributes:
        column: Column of the cells; `column_low` and `column_high` are its interval.
        label: Of the axis, with its unit; "{unit}" becomes ms or s.
        tail: A second column, drawn dashed; "" for none.
        is_share: Drawn as per cent.
    """

    column: str
    label: str
    tail: str = ""
    is_share: bool = False


@styled
def against_rate(
    cells: pd.DataFrame,
    quantity: Quantity,
    caption: Caption,
    modelled: pd.DataFrame | None = None,
) -> Figure:
    """A quantity against the offered rate: a panel per law, a line per spin.

    Cells with censored calls are drawn as triangles: their value is a lower bound.

    Args:
        cells: As from `metrics.runs.by_cell`.
        quantity: What to draw.
        caption: Title and note.
        modelled: As `cells`, of models, drawn thin; None where there are none.
    """
    laws = list(dict.fromkeys(cells["law"]))
    figure = new_figure(4.2)
    panels = figure.subplots(1, len(laws), sharex=True, sharey=True, squeeze=False)[0]
    spins = list(dict.fromkeys(cells["spin"]))
    colors = dict(zip(spins, ordered_colors(list(range(len(spins)))).values(), strict=True))
    unit = _unit_of(cells, quantity)
    for axes, law in zip(panels, laws, strict=True):
        _law_panel(axes, cells[cells["law"].eq(law)], quantity, colors, unit)
        if modelled is not None:
            _model_panel(axes, modelled[modelled["law"].eq(law)], quantity, colors, unit)
        y = quantity.label.format(unit=unit.name) if axes is panels[0] else ""
        label_axes(axes, "offered rate (requests/s)", y, plain(law))
    _scale(panels[0], cells, quantity)
    _rate_legend(figure, panels[0], colors, quantity, has_models=modelled is not None)
    return framed(figure, caption)


def _unit_of(cells: pd.DataFrame, quantity: Quantity) -> DurationUnit:
    if "{unit}" not in quantity.label:
        return DurationUnit("", 1.0)
    values = cells[quantity.column]
    finite = values[np.isfinite(values)]
    return duration_unit(float(finite.max()) if len(finite) else 0.0)


def _law_panel(
    axes: Axes,
    cells: pd.DataFrame,
    quantity: Quantity,
    colors: dict[str, str],
    unit: DurationUnit,
) -> None:
    for spin, color in colors.items():
        line = cells[cells["spin"].eq(spin)].sort_values("rate_rps")
        _line(axes, line, quantity, color, unit.scale)


def _model_panel(
    axes: Axes,
    cells: pd.DataFrame,
    quantity: Quantity,
    colors: dict[str, str],
    unit: DurationUnit,
) -> None:
    columns = ((quantity.column, "-"), (quantity.tail, "--"))
    for spin, color in colors.items():
        line = cells[cells["spin"].eq(spin)].sort_values("rate_rps")
        for column, style in columns:
            if column:
                draw_model_line(axes, line["rate_rps"], line[column] * unit.scale, color, style)


def _scale(axes: Axes, cells: pd.DataFrame, quantity: Quantity) -> None:
    if not quantity.is_share:
        log_axis(axes, "y")
        return
    # From just below the lowest bound to just above 100 %: 99.9 and 99.99 stay apart.
    missing = 1 - float(cells[f"{quantity.column}_low"].min())
    axes.set_ylim(1 - 1.06 * missing, 1 + 0.06 * missing)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))


def _line(axes: Axes, line: pd.DataFrame, quantity: Quantity, color: str, scale: float) -> None:
    value = line[quantity.column].where(np.isfinite(line[quantity.column])) * scale
    axes.plot(line["rate_rps"], value, color=color)
    bound = line["censored"] & (not quantity.is_share)
    for shown, marker in ((~bound, "o"), (bound, "^")):
        axes.plot(line["rate_rps"][shown], value[shown], marker, color=color, markersize=5)
    low, high = (line[f"{quantity.column}_{end}"] * scale for end in ("low", "high"))
    axes.vlines(line["rate_rps"], low, high, color=color, linewidth=1.0)
    if quantity.tail:
        tail = line[quantity.tail].where(np.isfinite(line[quantity.tail])) * scale
        axes.plot(line["rate_rps"], tail, color=color, linestyle="--", linewidth=1.1)


def _rate_legend(
    figure: Figure, axes: Axes, colors: dict[str, str], quantity: Quantity, *, has_models: bool
) -> None:
    handles = [axes.plot([], [], "o-", color=color)[0] for color in colors.values()]
    labels = [f"spin {plain(spin)}" for spin in colors]
    if not quantity.is_share:
        handles.append(axes.plot([], [], "^", color=NOTE)[0])
        labels.append("lower bound")
    if quantity.tail:
        handles.append(axes.plot([], [], color=INK, linestyle="--", linewidth=1.1)[0])
        labels.append("p99")
    if has_models:
        handles.append(model_handle(axes))
        labels.append("thin: modelled")
    figure.legend(handles, labels, loc="outside right upper")
