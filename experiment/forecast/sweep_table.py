"""What was modelled of a sweep, as a table, and how sure repetitions would make it."""

import math
from collections.abc import Iterable, Sequence
from statistics import median, median_high

from experiment.forecast.answer import Answer, Row
from experiment.forecast.budget import thinned
from experiment.forecast.expected import (
    Expected,
)
from experiment.forecast.modelled import Modelled
from experiment.forecast.question_words import SHARE, share_words
from experiment.forecast.service_words import rho_words
from experiment.forecast.setting import Setting
from experiment.forecast.spread import (
    FEWEST_REPETITIONS,
    MOST_REPETITIONS,
    half_width_share,
    repetitions_for,
)
from experiment.forecast.sweep_words import aligned
from shapes.quantities import format_duration
from verdict.wording import say_many, say_number, say_time

MOST_ROWS = 20


def modelled_lines(answer: Answer, rows: Sequence[Row], measured_s: float) -> list[str]:
    """The figures of some settings, and what repetitions would tell of all that are modelled."""
    found = answer.found
    if not found:
        return []
    arithmetic = {id(one): what for one, what in rows}
    shown = {id(one) for one in thinned([one.setting for one in found], _fits_a_screen)}
    kept = [one for one in found if id(one.setting) in shown]
    several = len({one.setting.arm for one in found}) > 1
    table = [_heads(several=several)]
    table += [_row(one, arithmetic[id(one.setting)], several=several) for one in kept]
    longer = measured_s / (answer.plan.duration_s - answer.plan.warm_up_s)
    return [_how_modelled(answer, len(kept)), *aligned(table), *_precision(found, longer)]


def _fits_a_screen(settings: Sequence[Setting]) -> bool:
    return len(settings) <= MOST_ROWS


def _how_modelled(answer: Answer, shown: int) -> str:
    plan, many = answer.plan, len(answer.found)
    cut = f", the first {format_duration(plan.warm_up_s)} left out" if plan.warm_up_s else ""
    some = f"; {shown} of them here, all by --json" if shown < many else ""
    return (
        f"Modelled: {say_many(many, 'cell')}, each the mean of {plan.seeds} simulated runs of"
        f" {format_duration(plan.duration_s)}{cut}{some}."
    )


def _heads(*, several: bool) -> list[str]:
    return [
        *(["arm"] if several else []),
        *("law", "rps", "calls", "rho", "pods", "from", "to", "peak", "p50", "p99"),
        *("slowdown", "cold", "pod-s/call"),
    ]


def _row(one: Modelled, found: Expected, *, several: bool) -> list[str]:
    cell, figures = one.setting.cell, {name: what.mean for name, what in one.figures.items()}
    pods = ("pods_mean", "pods_least", "pods_most", "pods_peak")
    return [
        *([one.setting.arm] if several else []),
        cell.law,
        f"{cell.rate_rps:g}",
        format_duration(cell.spin_s),
        rho_words(found),
        *(say_number(figures[name]) for name in pods),
        say_time(figures["p50_s"]),
        say_time(figures["p99_s"]),
        say_number(figures["slowdown"]),
        share_words(figures["cold"]),
        say_number(figures["pod_seconds"]),
    ]


def _precision(found: Iterable[Modelled], longer: float) -> list[str]:
    """Of those that chance changes: equidistant arrivals are the same with every seed."""
    known = [one.figures["p99_s"] for one in found if one.figures["p99_s"].sd > 0]
    if not known:
        return []
    widths = [100 * half_width_share(one, FEWEST_REPETITIONS, longer) for one in known]
    needed = [repetitions_for(one, SHARE, longer) or math.inf for one in known]
    middle = median_high(needed)
    most = max(needed)
    worst = f"more than {MOST_REPETITIONS}" if math.isinf(most) else f"{most:g}"
    said = (
        f"Expected precision of a p99 with {FEWEST_REPETITIONS} repetitions:"
        f" ±{median(widths):.2g} % in the middle, ±{max(widths):.2g} % at worst;"
        f" for ±{100 * SHARE:g} % it takes {middle:g}, and {worst} at worst."
    )
    return [said]
