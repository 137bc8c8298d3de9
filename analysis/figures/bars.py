"""Counts and parts as horizontal bars: decomposition, instances, failures."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PINK,
    RED,
    Caption,
    duration_unit,
    framed,
    label_axes,
    legend_right,
    new_figure,
    plain,
    styled,
)
from verdict.wording import say_count, say_share

PARTS = {
    "lag_s": ("lag of the generator", RED),
    "network_and_queue_s": ("network and queues", ORANGE),
    "contention_s": ("contention for CPU", PINK),
    "cpu_s": ("CPU time of the call", BLUE),
    "unsplit_s": ("service (not split by the target)", GREY),
}
_MOST_BARS = 20


@styled
def latency_parts(bands: pd.DataFrame, caption: Caption) -> Figure:
    """Average parts of latency, from the fastest to the slowest calls.

    Args:
        bands: As from `metrics.decomposition.mean_parts_by_band`.
        caption: Title and note.
    """
    figure = new_figure(3.4)
    axes = figure.subplots()
    unit = duration_unit(float(bands["latency_s"].max()))
    names = [
        f"{band}\nn = {say_count(n)}" for band, n in zip(bands["band"], bands["n"], strict=True)
    ]
    left = pd.Series(0.0, index=bands.index)
    for part, (label, color) in PARTS.items():
        length = bands[part].clip(lower=0) * unit.scale
        if length.any():
            axes.barh(names, length, left=left, color=color, label=label, height=0.62)
            left = left + length
    _value_labels(axes, left, [f"{value:.4g} {unit.name}" for value in left])
    axes.set_ylim(len(bands) - 0.5, -0.5)
    legend_right(axes)
    axes.grid(visible=False, axis="y")
    label_axes(axes, f"average latency ({unit.name})", "")
    return framed(figure, caption)


@styled
def calls_by_instance(instances: pd.DataFrame, caption: Caption) -> Figure:
    """Answered calls of each instance, busiest first; beyond twenty the rest as one bar.

    Args:
        instances: As from `metrics.instances.by_instance`.
        caption: Title and note.
    """
    total = max(int(instances["calls"].sum()), 1)
    shown, rest = instances.iloc[:_MOST_BARS], instances.iloc[_MOST_BARS:]
    names = map(_instance_name, shown["instance_id"], shown["pod"], shown["started_in_run"])
    named = list(zip(names, shown["calls"].tolist(), strict=True))
    if len(rest):
        named.append((f"{len(rest)} further instances", int(rest["calls"].sum())))
    bars = [
        _Bar(name, calls, f"{say_count(calls)} ({say_share(calls / total)})")
        for name, calls in named
    ]
    return _bars(bars, BLUE, "answered calls", caption)


def _instance_name(instance_id: object, pod: object, started_in_run: object) -> str:
    pod_text = f" on {plain(pod, 28)}" if isinstance(pod, str) and pod else ""
    return f"{plain(instance_id, 28)}{pod_text}{' *' if started_in_run else ''}"


@styled
def failures_by_class(failures: pd.DataFrame, caption: Caption) -> Figure:
    """Failed, unfinished and unsent arrivals by class and code.

    Args:
        failures: As from `metrics.failures.by_class`.
        caption: Title and note.
    """
    shown = failures.iloc[:_MOST_BARS]
    names = map(_failure_name, shown["status"], shown["failure_class"], shown["code"])
    bars = [
        _Bar(name, calls, f"{say_count(calls)} ({say_share(share)} of planned)")
        for name, calls, share in zip(names, shown["calls"], shown["share"], strict=True)
    ]
    return _bars(bars, RED, "arrivals", caption)


def _failure_name(status: str, failure_class: str, code: str) -> str:
    name = f"{status}: {failure_class}"
    return plain(name if code == "-" else f"{name} ({code})")


@dataclass(frozen=True)
class _Bar:
    name: str
    length: int
    label: str


def _bars(bars: list[_Bar], color: str, what: str, caption: Caption) -> Figure:
    figure = new_figure(1.35 + 0.3 * len(bars))
    axes = figure.subplots()
    # Positions, not names: two labels that were cut to the same text are still two bars.
    axes.barh(range(len(bars)), [bar.length for bar in bars], color=color, height=0.66)
    axes.set_yticks(range(len(bars)), [bar.name for bar in bars])
    _value_labels(axes, pd.Series([bar.length for bar in bars]), [bar.label for bar in bars])
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    label_axes(axes, f"{what} (count)", "")
    return framed(figure, caption)


def _value_labels(axes: Axes, ends: pd.Series, labels: list[str]) -> None:
    for position, (end, label) in enumerate(zip(ends, labels, strict=True)):
        axes.annotate(
            label,
            (end, position),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=8.5,
            color=INK,
        )
    axes.margins(x=0.22)
