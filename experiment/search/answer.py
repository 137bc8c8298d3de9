"""What a search found, with how sure it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from experiment.search.decide import from_above
from experiment.search.rates import Bracket, Rate, bracket_of, rates_of
from experiment.search.tries import Aim, Tried

_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Answer:
    """What is known at the end.

    Attributes:
        bracket: The limit is between its two rates.
        rates: All rates from rest, the lowest first.
        above_rps: Where runs at the passing rate came from that came from above; None without.
        above_runs, above_passed: How many of them there are, and how many passed.
        cannot_tell: Why the search ended without one; "" where it did not.
        is_close: Passing and failing rate are as close as asked, or no rate fails.
        is_confirmed: Both were repeated as often as asked.
    """

    bracket: Bracket
    rates: tuple[Rate, ...]
    above_rps: float | None
    above_runs: int
    above_passed: int
    cannot_tell: str
    is_close: bool
    is_confirmed: bool

    @property
    def is_monotone(self) -> bool:
        """Whether no rate passes above one that fails."""
        passes = [rate.passes for rate in self.rates]
        return passes == sorted(passes, reverse=True)

    @property
    def has_hysteresis(self) -> bool:
        """Whether the passing rate fails more often than not when it is come to from above."""
        return self.above_runs > 0 and 2 * self.above_passed <= self.above_runs


def answer_of(aim: Aim, tried: Sequence[Tried]) -> Answer:
    """What these runs tell."""
    rates = rates_of(tried)
    bracket = bracket_of(rates)
    above = from_above(tried, bracket.passing) if bracket.passing else []
    told = [one for one in above if one.passed is not None]
    ends = [rate for rate in (bracket.passing, bracket.failing) if rate is not None]
    return Answer(
        bracket=bracket,
        rates=rates,
        above_rps=told[0].what.above_rps if told else None,
        above_runs=len(told),
        above_passed=sum(bool(one.passed) for one in told),
        cannot_tell=next((one.said for one in tried if one.passed is None), ""),
        is_close=_is_close(aim, bracket),
        is_confirmed=bool(ends) and all(rate.runs >= aim.confirmations for rate in ends),
    )


def _is_close(aim: Aim, bracket: Bracket) -> bool:
    passing, failing = bracket.passing, bracket.failing
    if passing is None or failing is None:
        return True
    # Rates are said in three digits: nothing lies between two neighbours.
    near = passing.rate_rps * (1 + aim.precision)
    return failing.rate_rps <= max(near, passing.rate_rps * 1.01)


def least_chance(runs: int) -> float:
    """The chance of a pass that so many passes without a fail leave at least, with 95 %.

    1 - 0.05^(1/n) is the largest chance of a fail that none in n is likely with: exact binomial.
    """
    return float((1 - _CONFIDENCE) ** (1 / runs))


def in_words(aim: Aim, answer: Answer, limits: str) -> Iterator[str]:
    """Sentences, the answer first.

    Args:
        aim: What was looked for.
        answer: What was found.
        limits: The limits, as "p99<800ms".
    """
    yield _headline(aim, answer, limits)
    if answer.cannot_tell:
        yield f"the search ended early: {answer.cannot_tell}"
    for rate in (answer.bracket.passing, answer.bracket.failing):
        if rate is not None:
            yield _sure(rate)
    if not (answer.is_close and answer.is_confirmed) and not answer.cannot_tell:
        yield "not as sure as asked: it ended at the most runs allowed"
    if not answer.is_monotone:
        yield "rates above the failing one passed: chance or hysteresis; they do not count"
    if answer.above_runs:
        yield _hysteresis(answer)


def _headline(aim: Aim, answer: Answer, limits: str) -> str:
    passing, failing = answer.bracket.passing, answer.bracket.failing
    if passing is None and failing is None:
        return f"{limits}: not known at any rate"
    if passing is None:
        return f"{limits} is met at no rate: not even at {aim.low_rps:g} rps, the lowest asked"
    if failing is None:
        asked = ", the highest asked" if passing.rate_rps == aim.high_rps else ""
        return f"{limits} is met up to {passing.rate_rps:g} rps{asked}; no failing rate was seen"
    return (
        f"{limits} is met up to {passing.rate_rps:g} rps and missed from {failing.rate_rps:g} rps"
    )


def _sure(rate: Rate) -> str:
    said = f"at {rate.rate_rps:g} rps {rate.passed} of {rate.runs} runs passed"
    if rate.passed in (0, rate.runs):
        word = "passes" if rate.passed else "fails"
        return f"{said}: a run there {word} with a chance of at least {least_chance(rate.runs):.0%}"
    return f"{said}: the limit is about there"


def _hysteresis(answer: Answer) -> str:
    passing = answer.bracket.passing
    assert passing is not None, "runs from above are made at the passing rate"
    said = (
        f"coming from an overload of {answer.above_rps:g} rps,"
        f" {answer.above_passed} of {answer.above_runs} passed"
    )
    if answer.has_hysteresis:
        return (
            f"HYSTERESIS: {said} at {passing.rate_rps:g} rps: it has not recovered when the warm-up"
            " is over; a longer --warm-up tells whether it ever does"
        )
    return f"{said}: no hysteresis seen"
