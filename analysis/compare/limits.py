"""`--fail-if`: a limit that B must not be beyond, judged by intervals alone."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.compare.effects import CellEffect, is_overall
from analysis.compare.quantities import BY_NAME, RATIO, Quantity
from analysis.statistics.effect import Effect
from analysis.statistics.one_sided import surely_above
from shapes.errors import InvalidValue
from verdict.exit_codes import BEYOND_LIMIT, INCONCLUSIVE_COMPARISON, OK
from verdict.wording import say_many

FAIL, PASS, INCONCLUSIVE = "FAIL", "PASS", "INCONCLUSIVE"
EXIT_CODES = {FAIL: BEYOND_LIMIT, INCONCLUSIVE: INCONCLUSIVE_COMPARISON, PASS: OK}
"""Gravest first."""
_FORM = re.compile(r"\s*(?P<name>\w+)\s*(?P<sign>[<>])\s*(?P<number>[-+.\w]+)\s*(?P<percent>%?)\s*")
_EXAMPLE = "as p99_ratio>1.1 or success_diff<-0.1%"


@dataclass(frozen=True)
class Limit:
    """What must not be.

    Attributes:
        text: As given.
        quantity: What is limited.
        is_upper: Whether B fails above it, else below.
        value: A ratio, or a difference as a share.
    """

    text: str
    quantity: Quantity
    is_upper: bool
    value: float


@dataclass(frozen=True)
class Judged:
    """A limit and what the comparison says of it.

    Attributes:
        limit: What was given.
        outcome: FAIL, PASS or INCONCLUSIVE.
        said: Why, in one sentence.
    """

    limit: Limit
    outcome: str
    said: str


def parse_limit(text: str) -> Limit:
    """A limit from its text.

    Raises:
        InvalidValue: when it is none.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise InvalidValue(f"{text!r} is no limit; valid: QUANTITY>NUMBER or <, {_EXAMPLE}")
    quantity = BY_NAME.get(found["name"])
    if quantity is None:
        raise InvalidValue(f"{found['name']} is not compared; valid: {', '.join(BY_NAME)}")
    return Limit(text.strip(), quantity, found["sign"] == ">", _number(text, found, quantity))


def _number(text: str, found: re.Match[str], quantity: Quantity) -> float:
    try:
        value = float(found["number"]) / (100 if found["percent"] else 1)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or (quantity.kind == RATIO and value <= 0):
        valid = "a number above 0" if quantity.kind == RATIO else "a number, or per cent"
        raise InvalidValue(f"{text!r} has no valid limit; valid: {valid}, {_EXAMPLE}")
    return value


def judge(limit: Limit, effects: Sequence[CellEffect]) -> Judged:
    """FAIL where the interval of a cell lies beyond, PASS where those of all lie within.

    Several cells must fail with Holm's correction. To pass, each needs no more than its own 95 %
    interval, for all of them have to. A cell without an interval leaves it INCONCLUSIVE, unless
    another fails.
    """
    own = [e for e in effects if e.quantity is limit.quantity and not is_overall(e)]
    if not own:
        said = f"{limit.quantity.words} is not known in both"
        return Judged(limit, INCONCLUSIVE, said)
    upright = [_upright(found.effect, limit) for found in own]
    beyond = surely_above(upright, _bound(limit))
    if beyond.any():
        return Judged(limit, FAIL, _say(own, beyond, "beyond"))
    within = np.array([not e.suppressed and e.high <= _bound(limit) for e in upright])
    if within.all():
        return Judged(limit, PASS, _say(own, within, "within"))
    return Judged(limit, INCONCLUSIVE, _say(own, ~within, "undecided"))


def _bound(limit: Limit) -> float:
    if limit.is_upper:
        return limit.value
    return 1 / limit.value if limit.quantity.kind == RATIO else -limit.value


def _upright(effect: Effect, limit: Limit) -> Effect:
    """The effect, turned over for a lower limit: then more is always worse."""
    if limit.is_upper or effect.suppressed:
        return effect
    if limit.quantity.kind == RATIO:
        return replace(
            effect, estimate=1 / effect.estimate, low=1 / effect.high, high=1 / effect.low
        )
    return replace(effect, estimate=-effect.estimate, low=-effect.high, high=-effect.low)


def _say(own: Sequence[CellEffect], which: np.ndarray, what: str) -> str:
    chosen = [found for found, is_it in zip(own, which, strict=True) if is_it]
    if len(own) > 1:
        where = f" ({chosen[0].cell})" if len(chosen) == 1 else ""
        return f"{what} in {int(which.sum())} of {say_many(len(own), 'cell')}{where}{_why(chosen)}"
    return f"{what}{_why(chosen) or ' the limit'}"


def _why(chosen: Sequence[CellEffect]) -> str:
    reasons = list(dict.fromkeys(e.effect.suppressed for e in chosen if e.effect.suppressed))
    return f": no interval, {'; '.join(reasons)}" if reasons else ""


def exit_code(judged: Sequence[Judged]) -> int:
    """Of all limits: that of the gravest outcome, 0 without limits."""
    outcomes = {one.outcome for one in judged}
    return next((code for name, code in EXIT_CODES.items() if name in outcomes), OK)
