"""A sweep's arms by arithmetic, as text: whether they scale at all, classes, a table of pods."""

import math
from collections import Counter
from collections.abc import Sequence

from experiment.forecast.answer import Row
from experiment.forecast.expected import (
    BEYOND_QUOTA,
    MARGINAL,
    OVERLOAD,
    STABLE,
    UNKNOWN,
    Expected,
)
from experiment.forecast.idle import idle_reason, is_idle, largest_load
from experiment.forecast.service_words import cores_words
from shapes.quantities import format_duration
from verdict.wording import say_many, say_number

CLASSES = (STABLE, MARGINAL, OVERLOAD, BEYOND_QUOTA, UNKNOWN)
_MARKS = {OVERLOAD: "!", BEYOND_QUOTA: "*", MARGINAL: "~"}


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
