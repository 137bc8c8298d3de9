"""Pods over the run's time: desired, ready and pending, panic, the activator, gaps in the watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from analysis.figures.model_lines import draw_model_pods
from analysis.figures.style import (
    GREEN,
    INK,
    NOTE,
    ORANGE,
    PINK,
    SKY,
    YELLOW,
    label_axes,
    legend_above,
)

Interval = tuple[float, float]
_LOOKS: dict[str, dict[str, Any]] = {
    "ready_pods": {"label": "ready", "color": GREEN, "linewidth": 2.0},
    "pending_pods": {"label": "pending", "color": ORANGE},
    "desired_pods": {"label": "desired", "color": INK, "linestyle": "--", "linewidth": 1.1},
}
_MODES = {"Proxy": (SKY, "Proxy: in the path"), "Serve": (YELLOW, "Serve: out of the path")}


@dataclass(frozen=True)
class PodPanel:
    """What is drawn of the pods; times in seconds from the epoch.

    Attributes:
        steps: `t_s` and any of `ready_pods`, `pending_pods`, `desired_pods` from then on.
        modes: (from, to, "Proxy" or "Serve"); empty where nobody saw the mode.
        panics: Intervals of panic.
        unseen: Intervals in which nobody saw the pods.
        call_cores: CPU that one call a second asks for, in cores; None where it is not known.
        modelled: `t_s` and `ready_pods` as a model has them; None where there is no model.
    """

    steps: pd.DataFrame
    modes: Sequence[tuple[float, float, str]]
    panics: Sequence[Interval]
    unseen: Sequence[Interval]
    call_cores: float | None
    modelled: pd.DataFrame | None = None


def draw_pods(axes: Axes, panel: PodPanel) -> None:
    """Pods as steps, panic shaded, hatched where nobody saw them."""
    for name, look in _LOOKS.items():
        if name in panel.steps:
            axes.step(panel.steps["t_s"], panel.steps[name], where="post", **look)
    draw_model_pods(axes, panel.modelled)
    _shade(axes, panel.panics, "panic", color=PINK, alpha=0.3)
    _hatch(axes, panel.unseen, "not seen")
    axes.set_ylim(bottom=0)
    axes.margins(y=0.1)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    legend_above(axes, len(_LOOKS) + 3)
    label_axes(axes, "", "pods (count)", "Pods")


def draw_modes(axes: Axes, panel: PodPanel) -> None:
    """The activator's mode as a band."""
    for mode, (color, _) in _MODES.items():
        spans = [(from_s, to_s - from_s) for from_s, to_s, held in panel.modes if held == mode]
        axes.broken_barh(spans, (0, 1), facecolors=color, linewidth=0)
    _hatch(axes, panel.unseen, "")
    seen = {held for _, _, held in panel.modes}
    handles = [Patch(color=color, label=label) for m, (color, label) in _MODES.items() if m in seen]
    axes.legend(
        handles=handles,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=2,
        borderaxespad=0.1,
        handlelength=1.6,
    )
    axes.set_ylim(0, 1)
    axes.set_yticks([0.5], ["activator"])
    axes.grid(visible=False)


def core_axis(axes: Axes, call_cores: float) -> None:
    """A second scale at the right of a panel of rates: the same in cores; call it after drawing."""
    axes.set_ylim(axes.get_ylim())
    # Neither a secondary axis nor ticks as many as the height has room for: the layout, made once,
    # would not see how wide they are.
    scale = axes.twinx()
    for each in (axes, scale):
        each.yaxis.set_major_locator(MaxNLocator(4))
    scale.set_ylim(call_cores * axes.get_ylim()[0], call_cores * axes.get_ylim()[1])
    scale.grid(visible=False)
    scale.spines["right"].set_visible(True)
    scale.set_ylabel("load (cores)")


def _shade(axes: Axes, intervals: Sequence[Interval], label: str, **look: Any) -> None:
    for place, (from_s, to_s) in enumerate(intervals):
        name = label if place == 0 else "_"
        axes.axvspan(from_s, to_s, lw=0, zorder=0.5, label=name, **look)


def _hatch(axes: Axes, intervals: Sequence[Interval], label: str) -> None:
    for place, (from_s, to_s) in enumerate(intervals):
        axes.axvspan(
            from_s,
            to_s,
            facecolor="none",
            edgecolor=NOTE,
            hatch="////",
            linewidth=0,
            zorder=2.5,
            label=label if label and place == 0 else "_",
        )
