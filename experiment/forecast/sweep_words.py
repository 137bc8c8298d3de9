"""The forecast of a sweep as text: what it asks for, what it cannot answer, and tables."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from experiment.forecast.answer import Answer, Row
from experiment.forecast.budget import thinned
from experiment.forecast.expected import (
    BEYOND_QUOTA,
    MARGINAL,
    OVERLOAD,
    STABLE,
    UNKNOWN,
    Expected,
)
from experiment.forecast.idle import idle_reason, is_idle, largest_load
from experiment.forecast.modelled import Modelled
from experiment.forecast.question_words import SHARE
from experiment.forecast.service_words import cores_words, rho_words
from experiment.forecast.setting import Setting
from experiment.forecast.spread import (
    FEWEST_REPETITIONS,
    MOST_REPETITIONS,
    half_width_share,
    repetitions_for,
)
from experiment.sweep.spec import SweepSpec
from records.sweeps.planned import PROBE, SKIP, PlannedRun
from shapes.quantities import format_duration
from verdict.wording import say_count, say_many, say_number, say_share, say_time

CLASSES = (STABLE, MARGINAL, OVERLOAD, BEYOND_QUOTA, UNKNOWN)
MOST_ROWS = 20
FEWEST_CALLS = 1000
_MARKS = {OVERLOAD: "!", BEYOND_QUOTA: "*", MARGINAL: "~"}
_HOUR_S = 3600.0


def size_lines(spec: SweepSpec, planned: Sequence[PlannedRun]) -> list[str]:
    """How many runs, how long, and how many calls each measures.

    Args:
        spec: What is asked for.
        planned: Its runs, overloads run, probed or skipped as it says.
    """
    cells, runs = len({run.cell for run in planned}), len(planned)
    arms = f", {len(spec.arms)} arms" if len(spec.arms) > 1 else ""
    cut = f", the first {format_duration(spec.warm_up_s)} left out" if spec.warm_up_s else ""
    size = (
        f"{spec.name}: {say_many(cells, 'cell')} ({_axes(spec)}{arms}),"
        f" {say_many(spec.repetitions, 'repetition')} of {format_duration(spec.duration_s)}{cut}:"
        f" {say_many(runs, 'run')}, {_load(spec, planned)}."
    )
    return [size, _samples(spec, runs)]


def _axes(spec: SweepSpec) -> str:
    rates, spins = spec.rates_rps, [format_duration(spin_s) for spin_s in sorted(spec.spins_s)]
    rates_said = f"{say_many(len(rates), 'rate')} from {min(rates):g} to {max(rates):g} rps"
    spins_said = f"{say_many(len(spins), 'call time')} from {spins[0]} to {spins[-1]}"
    return f"{rates_said}, {spins_said}, {', '.join(spec.laws)}"


def _samples(spec: SweepSpec, runs: int) -> str:
    measured_s = spec.duration_s - spec.warm_up_s
    fewest, most = (round(rate * measured_s) for rate in (min(spec.rates_rps), max(spec.rates_rps)))
    said = (
        f"A run measures {say_count(fewest)} to {say_count(most)} calls,"
        f" {say_number(fewest / 100)} to {say_number(most / 100)} of them beyond its p99."
    )
    if fewest < FEWEST_CALLS:
        said += f" A p99 of fewer than {FEWEST_CALLS} calls rests on fewer than 10 of them."
    if spec.repetitions >= FEWEST_REPETITIONS:
        return said
    hours = _hours(runs / spec.repetitions * FEWEST_REPETITIONS * spec.duration_s)
    return (
        f"{said} Fewer than {FEWEST_REPETITIONS} repetitions give no interval that holds;"
        f" {FEWEST_REPETITIONS} take {hours}."
    )


def _load(spec: SweepSpec, planned: Sequence[PlannedRun]) -> str:
    whole_s = len(planned) * spec.duration_s
    load_s = load_of(planned)
    said = f"{_hours(whole_s)} of load"
    if load_s == whole_s:
        return said
    word = {PROBE: "probed", SKIP: "skipped"}[spec.overload]
    return f"{said}, or {_hours(load_s)} with overloads {word}"


def load_of(planned: Sequence[PlannedRun]) -> float:
    """Seconds of load of all runs that are made."""
    return sum(run.duration_s for run in planned if run.overload != SKIP)


def _hours(seconds: float) -> str:
    return f"{say_number(seconds / _HOUR_S)} h" if seconds >= _HOUR_S else format_duration(seconds)


def arm_lines(arm: str, rows: Sequence[Row]) -> list[str]:
    """Whether the autoscaler is exercised, which class its settings are of, and their pods."""
    return [*([f"arm {arm}"] if arm else []), *_idle(rows), *_classes(rows), *_pods_table(rows)]


def _idle(rows: Sequence[Row]) -> list[str]:
    """The plain sentence, where it is true of all settings that the cores carry well."""
    setting = rows[0][0]
    if setting.room.fixed is not None:
        return ["No autoscaler is at work: the pods of the start stay."]
    carried = [row for row in rows if row[1].overload_class not in {OVERLOAD, MARGINAL}]
    if not carried or not all(is_idle(*row) for row in carried):
        return []
    limit = setting.asked.service.container_concurrency
    why = idle_reason(setting.asked.service, max(largest_load(one) for one, _ in carried))
    where = "" if len(carried) == len(rows) else ", where its cores carry the load well"
    never = "this sweep never exercises the autoscaler"
    return [f"With containerConcurrency {limit} {never}{where}: {why}."]


def _classes(rows: Sequence[Row]) -> list[str]:
    by_setting = {(one.cell.rate_rps, one.cell.spin_s): found for one, found in rows}
    counts = Counter(found.overload_class for found in by_setting.values())
    cores, loads = rows[0][0].room.cores, [found.load for found in by_setting.values()]
    span = f"Loads are {say_number(min(loads))} to {say_number(max(loads))} cores"
    said = ", ".join(f"{counts[name]} {name}" for name in CLASSES if counts[name])
    many = f"Of {say_many(len(by_setting), 'setting')} of rate and call time {said}"
    if math.isinf(cores):
        others = [] if counts[UNKNOWN] == len(by_setting) else [f"{many}."]
        return [f"{span}; whether there are so many is not known: say it by --cores.", *others]
    return [f"{span}. {many}, on {cores_words(cores)}."]


def _pods_table(rows: Sequence[Row]) -> list[str]:
    """Pods by call time and rate."""
    found = {(one.cell.spin_s, one.cell.rate_rps): what for one, what in rows}
    rates = sorted({rate for _, rate in found})
    lines = [["rps", *(f"{rate:g}" for rate in rates)]]
    for spin_s in sorted({spin for spin, _ in found}):
        pods = [_marked(found[spin_s, rate]) for rate in rates]
        lines.append([format_duration(spin_s), *pods])
    marks = "pods expected; ~ marginal, ! overload, * more than there is room for"
    return [marks, *aligned(lines)]


def _marked(found: Expected) -> str:
    return f"{found.pods.settled}{_MARKS.get(found.overload_class, ' ')}"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns to the right, two spaces apart."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        ("  " + "  ".join(f"{text:>{w}}" for text, w in zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]


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
        say_share(figures["cold"]),
        say_number(figures["pod_seconds"]),
    ]


def _precision(found: Iterable[Modelled], longer: float) -> list[str]:
    """Of those that chance changes: equidistant arrivals are the same with every seed."""
    known = [one.figures["p99_s"] for one in found if one.figures["p99_s"].sd > 0]
    if not known:
        return []
    widths = [100 * half_width_share(one, FEWEST_REPETITIONS, longer) for one in known]
    needed = [repetitions_for(one, SHARE, longer) or math.inf for one in known]
    most = max(needed)
    worst = f"more than {MOST_REPETITIONS}" if math.isinf(most) else f"{most:g}"
    said = (
        f"Expected precision of a p99 with {FEWEST_REPETITIONS} repetitions:"
        f" ±{median(widths):.2g} % in the middle, ±{max(widths):.2g} % at worst;"
        f" for ±{100 * SHARE:g} % it takes {median(needed):g}, and {worst} at worst."
    )
    return [said]
