"""Figures of what is measured of this project alone: dealing under skew, and the spin worker."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import log_axis
from bench.peers import skew, spin_worker
from bench.peers.drawing import (
    HEIGHT_IN,
    PANEL_IN,
    WIDTH_IN,
    colour,
    curve,
    legend_beside,
    panels,
    shares,
)
from bench.peers.rows import Results, Row
from bench.peers.tables import by_client

_STYLES = {skew.IN_TURN: ":", skew.IN_BLOCKS: "--"}


def skew_figure(results: Results) -> Figure | None:
    """CV of merged equidistant arrivals and KS D of merged Poisson ones, by skew."""
    rows = results.of(skew.MODE)
    if not rows:
        return None
    figure, (cv, ks) = panels(2, 2.8 * PANEL_IN, HEIGHT_IN)
    _by_rule(cv, [row for row in rows if row.law == "uniform"], "cv")
    _by_rule(ks, [row for row in rows if row.law == "poisson"], "ks")
    cv.set(ylabel="CV of gaps", title="equidistant")
    ks.set(ylabel="KS D of gaps", title="Poisson")
    legend_beside(figure, (cv, ks))
    return figure


def _by_rule(axes: Axes, rows: list[Row], value: str) -> None:
    for number, rate_rps in enumerate(dict.fromkeys(row.rate_rps for row in rows)):
        for rule, of_it in by_client(row for row in rows if row.rate_rps == rate_rps):
            skews_ms = [row.values["skew_ms"] for row in of_it]
            values = [row.values[value] for row in of_it]
            label = f"{rate_rps:g} rps, {rule}"
            axes.plot(skews_ms, values, _STYLES.get(rule, "-"), label=label, color=colour(number))
    axes.set(xlabel="skew of clocks (standard deviation), ms", ylim=(0, None))
    log_axis(axes, "x")


def spin_figure(results: Results) -> Figure | None:
    """Error of spins, and what a health probe waits beside them."""
    rows = results.of(spin_worker.MODE)
    if not rows:
        return None
    figure, (errors, probes) = panels(2, WIDTH_IN * 0.8, HEIGHT_IN)
    for number, row in enumerate(row for row in rows if "error_us" in row.curves):
        values = row.curves["error_us"]
        label = f"{row.values['asked_ms']:g} ms asked"
        errors.plot(values, shares(values), label=label, color=colour(number))
    for number, row in enumerate(row for row in rows if "health_ms" in row.curves):
        waited_ms = curve([row], "health_ms")
        label = f"beside {row.values['spins']:g} spins"
        probes.plot(waited_ms, shares(waited_ms), label=label, color=colour(number))
    errors.set(xlim=(0, None), xlabel="CPU time burnt more than asked, µs", ylabel="share of spins")
    probes.set(xlabel="latency of a health check, ms", ylabel="share of checks")
    log_axis(probes, "x")
    errors.legend(fontsize=7)
    probes.legend(fontsize=7)
    return figure
