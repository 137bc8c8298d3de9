"""How large a sweep is, as text: cells, runs, hours, calls that each run measures."""

from collections.abc import Sequence

from experiment.forecast.spread import (
    FEWEST_REPETITIONS,
)
from experiment.sweep.spec import SweepSpec
from records.sweeps.planned import PROBE, SKIP, PlannedRun
from shapes.quantities import format_duration
from verdict.wording import say_count, say_many, say_number

FEWEST_CALLS = 1000
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
