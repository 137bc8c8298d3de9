"""The claims of the project that this one grew from, judged by a sweep's own records."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.statistics.effect import Ratio
from analysis.statistics.repetitions import repetitions_interval
from analysis.sweep.laws import POISSON, UNIFORM, LawsCompared
from analysis.sweep.matched import matched
from analysis.sweep.original import PUBLISHED, original_slowdown
from analysis.sweep.standing import STABLE
from analysis.sweep.study import CELL
from analysis.sweep.trends import Trend, rise_with, steeper_under
from verdict.wording import say_many, say_number

CONFIRMED, REFUTED, BOUNDED = "CONFIRMED", "REFUTED", "BOUNDED"
NOT_ANSWERED, WRONG = "not answered", "wrong definition"
NEGLIGIBLE = 0.01
"""A ratio that lies within 1 % of 1 shows no effect to speak of, however sure it is."""


@dataclass(frozen=True)
class Claim:
    """One claim and what became of it.

    Attributes:
        text: What was claimed.
        finding: CONFIRMED, REFUTED, BOUNDED (the effect lies between two limits, on both sides of
            none, or is negligible), NOT_ANSWERED or WRONG.
        estimate: The effect.
        low, high: Its 95 % interval; NaN where there is none.
        effect: The same in words.
        conditions: Under which it was found.
    """

    text: str
    finding: str
    estimate: float
    low: float
    high: float
    effect: str
    conditions: str


def claims_of(runs: pd.DataFrame, cells: pd.DataFrame, laws: LawsCompared | None) -> list[Claim]:
    """All claims, in the order in which the original made them.

    Args:
        runs: As of a `Study`.
        cells: As from `cells_of`.
        laws: As from `compare_laws`.
    """
    where = _conditions(cells)
    return [
        *(_law_claims(laws, where) if laws else _no_laws(where)),
        _rise("slowdown rises with the rate", rise_with(runs, cells, "rate_rps"), "rate", where),
        _more_under_poisson(runs, cells, where),
        _rise("slowdown rises with the spin", rise_with(runs, cells, "spin_s"), "spin", where),
        _level(runs, cells, where),
        _by_the_original(runs, where),
    ]


def judge_ratio(estimate: float, low: float, high: float) -> str:
    """What a ratio and its interval say of the claim that it is above 1."""
    if not all(map(math.isfinite, (estimate, low, high))):
        return NOT_ANSWERED
    if low >= 1 - NEGLIGIBLE and high <= 1 + NEGLIGIBLE:
        return BOUNDED
    if low > 1:
        return CONFIRMED
    return REFUTED if high < 1 else BOUNDED


def judge_range(low: float, high: float, claimed: tuple[float, float]) -> str:
    """What an interval says of the claim that a value lies in a range."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOT_ANSWERED
    if claimed[0] <= low and high <= claimed[1]:
        return CONFIRMED
    return REFUTED if high < claimed[0] or low > claimed[1] else BOUNDED


def _conditions(cells: pd.DataFrame) -> str:
    stable = cells[cells["class"].eq(STABLE)]
    if stable.empty:
        return "no stable cell"
    rho = stable["rho"].dropna()
    load = f", rho {say_number(rho.min())} to {say_number(rho.max())}" if len(rho) else ""
    return f"{say_many(len(stable), 'stable cell')} of {len(cells)}{load}"


def _law_claims(laws: LawsCompared, where: str) -> list[Claim]:
    pairs = f"{say_many(laws.cells, 'cell')} stable under both laws; {where}"
    if laws.only_poisson_fails:
        pairs += f"; {say_many(laws.only_poisson_fails, 'cell')} overloaded with Poisson only"
    return [
        _of_ratio("Poisson is slower than uniform (average latency)", laws.mean, pairs),
        _of_ratio("Poisson is slower than uniform (p99)", laws.p99, pairs),
    ]


def _no_laws(where: str) -> list[Claim]:
    said = "the sweep has not both laws"
    return [_unanswered("Poisson is slower than uniform (average latency)", said, where)]


def _of_ratio(text: str, ratio: Ratio, where: str) -> Claim:
    finding = judge_ratio(ratio.estimate, ratio.low, ratio.high)
    effect = _say_ratio(ratio.estimate, ratio.low, ratio.high, ratio.suppressed)
    return Claim(text, finding, ratio.estimate, ratio.low, ratio.high, effect, where)


def _rise(text: str, trend: Trend, axis: str, where: str) -> Claim:
    finding = judge_ratio(trend.factor, trend.low, trend.high)
    times = _say_ratio(trend.factor, trend.low, trend.high, trend.suppressed)
    effect = f"{times} for twice the {axis}" if trend.lines else trend.suppressed
    lines = f"{say_many(trend.lines, 'line')} of stable cells; {where}"
    return Claim(text, finding, trend.factor, trend.low, trend.high, effect, lines)


def _more_under_poisson(runs: pd.DataFrame, cells: pd.DataFrame, where: str) -> Claim:
    trend = steeper_under(runs, cells, "rate_rps", (UNIFORM, POISSON))
    return _rise("the rise with the rate is larger under Poisson", trend, "rate", where)


def _level(runs: pd.DataFrame, cells: pd.DataFrame, where: str) -> Claim:
    text = f"slowdown is {PUBLISHED[0]} to {PUBLISHED[1]}"
    stable = cells[cells["class"].eq(STABLE)]
    rows = runs[runs["usable"]].merge(stable[CELL], on=CELL)
    per_cell = {
        key: dict(zip(own["repetition"], own["slowdown_mean"], strict=True))
        for key, own in rows.groupby(CELL)
        if np.isfinite(own["slowdown_mean"]).all()
    }
    kept = matched({key: set(found) for key, found in per_cell.items()})
    if not kept.items:
        return _unanswered(text, "no stable cell", where)
    values = kept.values(per_cell).mean(axis=0)
    interval, mean = repetitions_interval(values), float(values.mean())
    finding = judge_range(interval.low, interval.high, PUBLISHED)
    worst = say_number(float(stable["slowdown_mean"].max()))
    effect = f"{_say_value(mean, interval.low, interval.high, interval.suppressed)} on average,"
    effect += f" {worst} in the worst stable cell"
    return Claim(text, finding, mean, interval.low, interval.high, effect, where)


def _by_the_original(runs: pd.DataFrame, where: str) -> Claim:
    text = "for comparison: the original's definition on the same records"
    found = original_slowdown(runs[runs["usable"]])["slowdown"].dropna()
    if found.empty:
        return _unanswered(text, "no usable run", where)
    low, high = float(found.min()), float(found.max())
    effect = (
        f"{say_number(low)} to {say_number(high)}: average latency of all spins pooled, over the"
        " smallest latency of the whole sweep; it shows how the spins were chosen, not queueing"
    )
    return Claim(text, WRONG, float(found.mean()), math.nan, math.nan, effect, "all usable runs")


def _unanswered(text: str, why: str, where: str) -> Claim:
    return Claim(text, NOT_ANSWERED, math.nan, math.nan, math.nan, why, where)


def _say_ratio(estimate: float, low: float, high: float, why_none: str) -> str:
    return _say(estimate, low, high, why_none, lambda value: f"{_ratio_text(value)} times")


def _say_value(estimate: float, low: float, high: float, why_none: str) -> str:
    return _say(estimate, low, high, why_none, _ratio_text)


def _say(
    estimate: float, low: float, high: float, why_none: str, text: Callable[[float], str]
) -> str:
    if not math.isfinite(estimate):
        return why_none
    if not (math.isfinite(low) and math.isfinite(high)):
        return f"{text(estimate)} (no interval: {why_none})"
    return f"{text(estimate)} (95 % {_ratio_text(low)} to {_ratio_text(high)})"


def _ratio_text(value: float) -> str:
    return f"{value:.3f}" if value < 10 else say_number(value)  # noqa: PLR2004 - 1.003 is not 1
