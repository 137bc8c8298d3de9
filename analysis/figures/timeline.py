"""The run over time, four views on one clock."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.model_lines import draw_model_latency
from analysis.figures.pods_over_time import PodPanel, core_axis, draw_modes, draw_pods
from analysis.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NOTE,
    ORANGE,
    PINK,
    RED,
    SERIES,
    SKY,
    Caption,
    duration_unit,
    framed,
    label_axes,
    legend_above,
    log_axis,
    new_figure,
    plain,
    styled,
)

_MOST_CLASSES = 6
_THIN = 1.0

Draw = Callable[[Axes], None]


@styled
def run_over_time(
    windows: pd.DataFrame,
    sample: pd.DataFrame,
    failures: pd.DataFrame,
    warm_up_s: float,
    caption: Caption,
    *,
    pods: PodPanel | None = None,
    modelled: pd.DataFrame | None = None,
) -> Figure:
    """Rates, calls in flight, latency and failures over the run's own time.

    Where somebody watched the pods, they stand below the rates, with the activator's mode; the
    rate has a second scale in cores, and calls are coloured by whether they waited for pods.

    Args:
        windows: As from `metrics.timeline.timeline`.
        sample: `intended_s`, `latency_s`, `first_on_instance`, `cold_affected`: calls drawn one by
            one.
        failures: `t_s` and a column of counts per class; no further column when nothing failed.
        warm_up_s: Shaded from the start.
        caption: Title and note.
        pods: What was seen of the pods; None where nobody watched.
        modelled: `t_s`, `p50_s` and `p99_s` of a model in the same windows, drawn thin; None for
            no model.
    """
    steps = _to_the_end(windows)
    model = None if modelled is None else _to_the_end(modelled)
    classes = [name for name in failures.columns if name != "t_s"]
    drawn: list[tuple[float, Draw]] = [
        (2, partial(_rates, windows=steps, pods=pods)),
        *(_pod_panels(pods) if pods else []),
        (1.3, partial(_in_flight, windows=steps)),
        (2.6, partial(_latency, windows=steps, sample=sample, cold=pods is not None, model=model)),
        *([(1.3, partial(_failures, failures=failures, classes=classes))] if classes else []),
    ]
    heights = [height for height, _ in drawn]
    figure = new_figure(sum(heights) * 1.05 + 0.9)
    panels = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    for axes, (_, draw) in zip(panels, drawn, strict=True):
        draw(axes)
        _shade_warm_up(axes, warm_up_s)
        axes.set_xlim(0, _end_s(windows))
    panels[-1].set_xlabel("time in the run (s)")
    return framed(figure, caption)


def _pod_panels(pods: PodPanel) -> list[tuple[float, Draw]]:
    band = [(0.3, partial(draw_modes, panel=pods))] if pods.modes else []
    return [(1.8, partial(draw_pods, panel=pods)), *band]


def _end_s(windows: pd.DataFrame) -> float:
    starts = windows["t_s"].to_numpy()
    return float(2 * starts[-1] - starts[-2]) if len(starts) > 1 else 1.0


def _to_the_end(windows: pd.DataFrame) -> pd.DataFrame:
    """The windows with the last one repeated at its end, so that its step has a width."""
    last = windows.iloc[[-1]].assign(t_s=_end_s(windows))
    return pd.concat([windows, last], ignore_index=True)


def _rates(axes: Axes, windows: pd.DataFrame, pods: PodPanel | None) -> None:
    t = windows["t_s"]
    axes.step(t, windows["sent_rps"], where="post", color=SKY, label="sent")
    axes.step(t, windows["completed_rps"], where="post", color=GREEN, label="answered")
    axes.step(t, windows["offered_rps"], where="post", color=INK, ls="--", lw=1.1, label="offered")
    axes.set_ylim(bottom=0)
    if pods is not None and pods.call_cores:
        core_axis(axes, pods.call_cores)
    legend_above(axes, 3)
    label_axes(axes, "", "rate (1/s)", "Rate")


def _in_flight(axes: Axes, windows: pd.DataFrame) -> None:
    axes.step(windows["t_s"], windows["in_flight"], where="post", color=BLUE)
    axes.set_ylim(bottom=0)
    label_axes(axes, "", "calls (count)", "In flight, average of each window")


def _latency(
    axes: Axes,
    windows: pd.DataFrame,
    sample: pd.DataFrame,
    *,
    cold: bool,
    model: pd.DataFrame | None,
) -> None:
    finite = sample[np.isfinite(sample["latency_s"])]
    unit = duration_unit(float(finite["latency_s"].max()) if len(finite) else 0.0)
    if len(finite):
        (_cold_and_warm if cold else _answered)(axes, finite, unit.scale)
        width = _THIN if cold else None  # so that the dots' colours are seen
        _windowed(axes, windows["t_s"], windows["p50_s"] * unit.scale, (BLUE, "median", width))
        _windowed(axes, windows["t_s"], windows["p99_s"] * unit.scale, (ORANGE, "p99", width))
        # Where pods are shown, their panel names the line: here there is no room for another.
        draw_model_latency(axes, model, unit, "_" if cold else "modelled")
        log_axis(axes, "y")
    else:
        axes.set_yticks([])
    _not_answered(axes, sample[~np.isfinite(sample["latency_s"])])
    legend_above(axes, 7)
    label_axes(axes, "", f"latency ({unit.name})", "Latency")


def _answered(axes: Axes, finite: pd.DataFrame, scale: float) -> None:
    cold = finite["first_on_instance"]
    _dots(axes, finite[~cold], scale, (GREY, "call", 4))
    if cold.any():
        _dots(axes, finite[cold], scale, (PINK, "first on an instance", 22))


def _cold_and_warm(axes: Axes, finite: pd.DataFrame, scale: float) -> None:
    cold = finite["cold_affected"]
    looks = (
        (cold.eq(other=False), (GREY, "warm", 6)),
        (cold.isna(), (SKY, "unknown", 6)),
        (cold, (PINK, "cold-affected", 12)),
    )
    for chosen, look in looks:
        calls = finite[chosen.fillna(value=False).astype(bool)]
        if len(calls):
            _dots(axes, calls, scale, look, zorder=3)
    _rings(axes, finite[finite["first_on_instance"]], scale)


def _rings(axes: Axes, calls: pd.DataFrame, scale: float) -> None:
    if len(calls):
        axes.scatter(
            calls["intended_s"],
            calls["latency_s"] * scale,
            s=26,
            facecolors="none",
            edgecolors=INK,
            linewidths=0.9,
            zorder=4,
            label="first call",
        )


def _dots(
    axes: Axes, calls: pd.DataFrame, scale: float, look: tuple[str, str, float], zorder: float = 1
) -> None:
    color, label, size = look
    axes.scatter(
        calls["intended_s"],
        calls["latency_s"] * scale,
        s=size,
        color=color,
        alpha=0.55,
        linewidths=0,
        rasterized=True,
        label=label,
        zorder=zorder,
    )


def _windowed(
    axes: Axes, t_s: pd.Series, values: pd.Series, look: tuple[str, str, float | None]
) -> None:
    color, label, width = look
    # +inf (not reached) and empty windows leave a gap in the line rather than a wrong value.
    shown = values.where(np.isfinite(values))
    axes.step(t_s, shown, where="post", color=color, label=label, linewidth=width)


def _not_answered(axes: Axes, calls: pd.DataFrame) -> None:
    if len(calls):
        top = np.full(len(calls), 0.985)
        axes.plot(
            calls["intended_s"],
            top,
            "|",
            color=RED,
            transform=axes.get_xaxis_transform(),
            label="no good answer",
            markersize=7,
        )


def _failures(axes: Axes, failures: pd.DataFrame, classes: list[str]) -> None:
    t = failures["t_s"].to_numpy()
    width = t[1] - t[0] if len(t) > 1 else 1.0
    base = np.zeros(len(t))
    for name, color in zip(classes[:_MOST_CLASSES], SERIES, strict=False):
        counts = failures[name].to_numpy()
        axes.bar(t, counts, width, base, align="edge", color=color, label=plain(name), lw=0)
        base = base + counts
    legend_above(axes, _MOST_CLASSES)
    label_axes(axes, "", "calls (per window)", "Not answered well")


def _shade_warm_up(axes: Axes, warm_up_s: float) -> None:
    if warm_up_s > 0:
        axes.axvspan(0, warm_up_s, color=NOTE, alpha=0.12, lw=0, zorder=0)
