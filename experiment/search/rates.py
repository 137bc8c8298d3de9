"""How each rate stands after some runs: a rate passes when more than half of its runs did."""

from collections.abc import Iterable
from dataclasses import dataclass

from experiment.search.tries import FROM_REST, Tried


@dataclass(frozen=True)
class Rate:
    """What was seen at one rate from rest.

    Attributes:
        rate_rps: The rate.
        runs: How many.
        passed: How many of them met all limits.
    """

    rate_rps: float
    runs: int
    passed: int

    @property
    def passes(self) -> bool:
        """Whether more than half did."""
        return 2 * self.passed > self.runs


@dataclass(frozen=True)
class Bracket:
    """The limit is between these; None where there is no such rate yet."""

    passing: Rate | None
    failing: Rate | None


def rates_of(tried: Iterable[Tried]) -> tuple[Rate, ...]:
    """Every rate that was tried from rest, the lowest first."""
    seen: dict[float, list[bool]] = {}
    for one in tried:
        if one.what.came_from == FROM_REST and one.passed is not None:
            seen.setdefault(one.what.rate_rps, []).append(one.passed)
    return tuple(Rate(rate, len(all_), sum(all_)) for rate, all_ in sorted(seen.items()))


def bracket_of(rates: Iterable[Rate]) -> Bracket:
    """The lowest rate that fails, and the highest below it that passes.

    What passes above a rate that fails does not count: load that is not borne at a lower rate is
    no finding at a higher one, but chance or hysteresis, and the answer names it.
    """
    passing: Rate | None = None
    for rate in rates:
        if not rate.passes:
            return Bracket(passing, rate)
        passing = rate
    return Bracket(passing, None)
