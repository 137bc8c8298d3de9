"""Which run comes next: a pure function of what was seen, so that a search can be resumed."""

import math
from collections.abc import Sequence

from experiment.search.rates import Bracket, Rate, bracket_of, rates_of
from experiment.search.tries import FROM_ABOVE, FROM_REST, Aim, Tried, Try

GROWTH = 2.0
OVERLOAD = 1.5
"""Times the failing rate: where runs from above come from."""
_DIGITS = 3


def next_try(aim: Aim, tried: Sequence[Tried]) -> Try | None:
    """The next run; None when the search is over.

    Rates double until one fails; then the middle (in ratios) is tried until passing and failing
    rate are as close as asked; then both are repeated with seeds of their own, which may move the
    bracket; then the passing rate is tried from above, as often.
    """
    cannot_tell = any(one.passed is None for one in tried)
    if cannot_tell or len(tried) >= aim.most_runs:
        return None
    bracket = bracket_of(rates_of(tried))
    return _narrower(aim, bracket, tried) or _confirmed(aim, bracket) or _above(aim, bracket, tried)


def _narrower(aim: Aim, bracket: Bracket, tried: Sequence[Tried]) -> Try | None:
    passing, failing = bracket.passing, bracket.failing
    if passing is None:
        return None if failing else Try(aim.low_rps, 1)
    if failing is None:
        higher_rps = rounded_rps(min(passing.rate_rps * GROWTH, aim.high_rps))
        return Try(higher_rps, 1) if higher_rps > passing.rate_rps else None
    if failing.rate_rps <= passing.rate_rps * (1 + aim.precision):
        return None
    middle_rps = rounded_rps(math.sqrt(passing.rate_rps * failing.rate_rps))
    known = {one.what.rate_rps for one in tried if one.what.came_from == FROM_REST}
    return None if middle_rps in known else Try(middle_rps, 1)


def _confirmed(aim: Aim, bracket: Bracket) -> Try | None:
    for rate in (bracket.passing, bracket.failing):
        if rate is not None and rate.runs < aim.confirmations:
            return Try(rate.rate_rps, rate.runs + 1)
    return None


def _above(aim: Aim, bracket: Bracket, tried: Sequence[Tried]) -> Try | None:
    passing, failing = bracket.passing, bracket.failing
    if passing is None or failing is None:
        return None
    done = len(from_above(tried, passing))
    if done >= aim.confirmations:
        return None
    above_rps = max(failing.rate_rps, min(failing.rate_rps * OVERLOAD, aim.high_rps))
    return Try(passing.rate_rps, done + 1, FROM_ABOVE, rounded_rps(above_rps))


def from_above(tried: Sequence[Tried], passing: Rate) -> list[Tried]:
    """The runs at this rate that came from above."""
    return [
        one
        for one in tried
        if one.what.came_from == FROM_ABOVE and one.what.rate_rps == passing.rate_rps
    ]


def rounded_rps(rate_rps: float) -> float:
    """To three digits: a rate that one can say."""
    return float(f"{rate_rps:.{_DIGITS}g}")
