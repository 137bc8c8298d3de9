"""Figures of the benchmark, small and each from the rows alone."""

from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import log_axis
from bench.peers import gaps
from bench.peers.drawing import (
    HEIGHT_IN,
    OTHERS,
    OURS,
    PANEL_IN,
    WIDTH_IN,
    colour,
    colours_of,
    curve,
    drawn,
    legend_beside,
    panels,
    shares,
)
from bench.peers.own_figures import skew_figure, spin_figure
from bench.peers.rows import Results, middle
from bench.peers.stalled import truth_ms
from bench.peers.tables import by_client, pacing_rows, rates

_LEVELS = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
_FLOOR_MS = 0.1
_LEGEND_IN = 1.5


def draw(results: Results, folder: Path) -> dict[str, str]:
    """Write all figures that the rows have figures for; file name by what is shown."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for name, draws in _FIGURES.items():
        if figure := draws(results):
            # Without a date and with fixed ids, equal results make equal files.
            with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
                figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
            made[name] = f"{name}.svg"
    return made


def _cpu(results: Results) -> Figure | None:
    named = [(name, middle(rows, "cpu_us")) for name, rows in by_client(results.of("saturated"))]
    known = sorted((cpu_us, name) for name, cpu_us in named if cpu_us)
    if not known:
        return None
    figure, (axes,) = panels(1, WIDTH_IN * 0.7, 0.8 + 0.35 * len(known))
    names = [name for _, name in known]
    colours = [OURS if name.startswith("ours") else OTHERS for name in names]
    bars = axes.barh(names, [cpu_us for cpu_us, _ in known], color=colours)
    axes.bar_label(bars, [f" {cpu_us:.3g}" for cpu_us, _ in known], fontsize=8)
    axes.set(xlabel="CPU µs a request (log scale)")
    log_axis(axes, "x")
    axes.margins(x=0.15)
    axes.invert_yaxis()
    return figure


def _off_plan(results: Results) -> Figure | None:
    colours = colours_of(row.client for row in results.of("fidelity"))

    def panel(axes: Axes, rate_rps: float) -> None:
        rows = results.of("fidelity", rate_rps=rate_rps, law="uniform")
        for name, of_it in drawn(rows, "off_plan_ms"):
            off_ms = np.maximum(curve(of_it, "off_plan_ms"), 1e-3)
            axes.plot(off_ms, shares(off_ms), label=name, color=colours[name])
        axes.set(xlabel="off the plan, ms", title=f"{rate_rps:g} rps")
        log_axis(axes, "x")

    return _by_rate(results, panel, "share of arrivals")


def _gaps(law: str) -> Callable[[Results], Figure | None]:
    def made(results: Results) -> Figure | None:
        colours = colours_of(row.client for row in results.of("fidelity"))

        def panel(axes: Axes, rate_rps: float) -> None:
            rows = results.of("fidelity", rate_rps=rate_rps, law=law)
            for name, of_it in drawn(rows, "gap"):
                between = curve(of_it, "gap")
                axes.plot(between, shares(between), label=name, color=colours[name])
            ideal = gaps.law_quantiles(law, 500)
            axes.plot(ideal, shares(ideal), "k--", linewidth=1, label="the law")
            axes.set(xlim=(0, 4), xlabel="gap, in mean gaps", title=f"{rate_rps:g} rps")

        return _by_rate(results, panel, "share of gaps")

    return made


def _stall(results: Results) -> Figure | None:
    rows = results.of("stall")
    if not rows:
        return None
    figure, (axes,) = panels(1, WIDTH_IN * 0.8, 4.0)
    for number, (name, of_it) in enumerate(by_client(rows)):
        known = {level: middle(of_it, f"latency_{level}_ms") for level in _LEVELS}
        latencies = {level: max(value, _FLOOR_MS) for level, value in known.items() if value}
        positions = [_position(_LEVELS[level]) for level in latencies]
        style = "-" if name.startswith("ours") else "--"
        axes.plot(positions, list(latencies.values()), style, label=name, color=colour(number))
    truth = truth_ms(float(str(results.about["seconds"])))
    shown = [(level, truth[level]) for level in _LEVELS if truth[level]]
    positions = [_position(_LEVELS[level]) for level, _ in shown]
    axes.plot(positions, [value for _, value in shown], "ko", label="by arithmetic")
    axes.set(ylabel="latency, ms", xlabel="percentile")
    log_axis(axes, "y")
    axes.set_xticks([_position(share) for share in _LEVELS.values()], list(_LEVELS))
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def _lag(results: Results) -> Figure | None:
    rows = pacing_rows(results)
    if not rows:
        return None
    figure, (axes,) = panels(1, WIDTH_IN * 0.6, HEIGHT_IN)
    for number, (name, of_client) in enumerate(by_client(rows)):
        asked = sorted({row.rate_rps for row in of_client if row.rate_rps})
        for level, style in (("p50", ":"), ("p99", "-")):
            lags = [
                middle([row for row in of_client if row.rate_rps == rate], f"lag_{level}_ms")
                for rate in asked
            ]
            values = [np.nan if lag is None else lag for lag in lags]
            label = f"{name}, {level}"
            axes.plot(asked, values, style, marker="o", label=label, color=colour(number))
    axes.set(xlabel="rate, rps", ylabel="lag of the sendings, ms")
    log_axis(axes, "x")
    log_axis(axes, "y")
    legend_beside(figure, (axes,))
    return figure


def _by_rate(results: Results, panel: Callable[[Axes, float], None], label: str) -> Figure | None:
    known = rates(results)
    if not known:
        return None
    figure, plots = panels(len(known), PANEL_IN * len(known) + _LEGEND_IN, HEIGHT_IN)
    for axes, rate_rps in zip(plots, known, strict=True):
        panel(axes, rate_rps)
    plots[0].set_ylabel(label)
    legend_beside(figure, plots)
    return figure


def _position(share: float) -> float:
    return float(-np.log10(1 - share))


_FIGURES: dict[str, Callable[[Results], Figure | None]] = {
    "cpu": _cpu,
    "off-plan": _off_plan,
    "gaps-uniform": _gaps("uniform"),
    "gaps-poisson": _gaps("poisson"),
    "stall": _stall,
    "lag": _lag,
    "skew": skew_figure,
    "spin": spin_figure,
}
