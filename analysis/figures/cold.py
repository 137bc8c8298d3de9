"""Cold starts: what they cost the calls, and where a pod's start spends its time."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NOTE,
    ORANGE,
    PINK,
    SKY,
    Caption,
    DurationUnit,
    duration_unit,
    framed,
    label_axes,
    legend_above,
    log_axis,
    new_figure,
    plain,
    styled,
)
from analysis.metrics.pod_starts import PARTS
from verdict.wording import say_time

_LOOKS = {"warm": (GREY, "-"), "cold-affected": (PINK, "-"), "unknown": (SKY, "--")}
_PHASE_LOOKS = (("scheduled", SKY), ("initialized", BLUE), ("started", ORANGE), ("ready", GREEN))
_PHASES = dict(zip(PARTS, _PHASE_LOOKS, strict=True))
_RING: dict[str, Any] = {"markerfacecolor": "none", "color": INK, "markersize": 6, "ls": ""}
_HATCHED: dict[str, Any] = {
    "facecolor": "none",
    "edgecolor": NOTE,
    "hatch": "////",
    "height": 0.62,
}
_ROOM, _ROOM_FOR_UNREADY = 1.15, 1.6
MOST_PODS = 24


@styled
def latency_by_kind(
    curves: Mapping[str, pd.DataFrame], first_s: np.ndarray, caption: Caption
) -> Figure:
    """Distributions of latency: warm, cold-affected and unknown calls.

    Args:
        curves: By kind, `value` (seconds) and `share`; kinds without an answered call left out.
        first_s: Latencies of the first calls on an instance, marked below.
        caption: Title and note.
    """
    figure = new_figure(3.6)
    axes = figure.subplots()
    longest_s = max((float(curve["value"].max()) for curve in curves.values()), default=0.0)
    unit = duration_unit(longest_s)
    for kind, curve in curves.items():
        color, line = _LOOKS[kind]
        x, y = curve["value"] * unit.scale, curve["share"]
        axes.step(x, y, where="post", color=color, ls=line, lw=2.2, label=kind)
    finite = first_s[np.isfinite(first_s)] * unit.scale
    if len(finite):
        axes.plot(finite, np.full(len(finite), 0.03), "o", label="first on an instance", **_RING)
    axes.set_ylim(0, 1.03)
    log_axis(axes, "x")
    legend_above(axes, 4)
    label_axes(axes, f"latency ({unit.name})", "share of the calls of a kind")
    return framed(figure, caption)


@styled
def pod_starts_by_phase(starts: pd.DataFrame, caption: Caption) -> Figure:
    """Each pod's start as a bar from its creation, phase by phase.

    Args:
        starts: As from `metrics.pod_starts.pod_starts`, with `first_answer_s` (from creation to
            the first good answer, missing where none came); the first MOST_PODS are drawn.
        caption: Title and note.
    """
    shown = starts.iloc[:MOST_PODS].reset_index(drop=True)
    figure = new_figure(1.6 + 0.27 * len(shown))
    axes = figure.subplots()
    unit = duration_unit(float(shown[["total_s", "given_up_s"]].max().max()))
    ends = _bars_of_phases(axes, shown, unit)
    axes.set_xlim(0, _ROOM * _right_edge(ends, shown["total_s"]))
    answers = shown["first_answer_s"] * unit.scale
    answers = answers.where(answers <= axes.get_xlim()[1])
    _first_answers(axes, answers)
    _totals(axes, shown)
    axes.set_yticks(range(len(shown)), _names(shown))
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    legend_above(axes, len(_PHASES) + 2)
    label_axes(axes, f"since the pod was created ({unit.name})", "")
    return framed(figure, caption)


def _bars_of_phases(axes: Axes, starts: pd.DataFrame, unit: DurationUnit) -> pd.Series:
    """Draws the bars; returns where each ends."""
    left = pd.Series(0.0, index=starts.index)
    for part, (name, color) in _PHASES.items():
        length = starts[part].fillna(0.0) * unit.scale
        axes.barh(starts.index, length, left=left, color=color, height=0.62, label=name)
        left = left + length
    waited = (starts["given_up_s"] * unit.scale - left).fillna(0.0).clip(lower=0)
    if waited.any():
        axes.barh(starts.index, waited, left=left, label="not ready", **_HATCHED)
    return left + waited


def _first_answers(axes: Axes, answers: pd.Series) -> None:
    known = answers.dropna()
    if len(known):
        axes.plot(known, known.index, "o", label="first answer", zorder=3, **_RING)


def _right_edge(ends: pd.Series, totals_s: pd.Series) -> float:
    """Where the longest bar ends; one that never got ready may run out of the panel."""
    longest, ready = float(ends.max()), ends[totals_s.notna()]
    if len(ready):
        longest = min(longest, _ROOM_FOR_UNREADY * float(ready.max()))
    return max(longest, 1e-3)


def _totals(axes: Axes, starts: pd.DataFrame) -> None:
    """How long each took, in a column at the right edge."""
    lengths = zip(starts["total_s"], starts["given_up_s"], strict=True)
    for place, (total_s, given_up_s) in enumerate(lengths):
        ready = bool(np.isfinite(total_s))
        axes.annotate(
            f"ready in {say_time(total_s)}" if ready else f"not in {say_time(given_up_s)}",
            (1.0, place),
            xycoords=("axes fraction", "data"),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            size=8.5,
            color=INK,
        )


def _names(starts: pd.DataFrame) -> list[str]:
    several = len(set(starts["revision"])) > 1
    return [
        f"{plain(revision, 20) + ': ' if several else ''}{plain(pod.rpartition('-')[2], 16)}"
        f" at {created_s:.1f} s"
        for revision, pod, created_s in zip(
            starts["revision"], starts["pod"], starts["created_s"], strict=True
        )
    ]
