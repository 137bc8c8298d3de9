import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiment.search.decide import next_try, rounded_rps
from experiment.search.rates import bracket_of, rates_of
from experiment.search.tries import FROM_ABOVE, Aim, Tried, Try

AIM = Aim(low_rps=1.0, high_rps=1000.0, precision=0.05, confirmations=3, most_runs=60)


def search(passes, aim=AIM):
    """All runs of a search whose outcomes a function of the try tells."""
    tried = []
    while (step := next_try(aim, tried)) is not None:
        tried.append(Tried(step, passes(step)))
    return tried


def sharp(limit_rps):
    return lambda step: step.rate_rps <= limit_rps


@given(st.floats(1.0, 999.0))
def test_a_sharp_limit_is_found_within_the_precision(limit_rps):
    bracket = bracket_of(rates_of(search(sharp(limit_rps))))
    assert bracket.passing.rate_rps <= limit_rps < bracket.failing.rate_rps
    assert bracket.failing.rate_rps <= bracket.passing.rate_rps * 1.06


def test_the_search_begins_low_and_doubles_until_a_rate_fails():
    rates = [one.what.rate_rps for one in search(sharp(9.0))]
    assert rates[:6] == [1.0, 2.0, 4.0, 8.0, 16.0, rounded_rps(math.sqrt(8 * 16))]


def test_both_ends_are_repeated_with_seeds_of_their_own():
    tried = search(sharp(9.0))
    for rate in vars(bracket_of(rates_of(tried))).values():
        repetitions = [
            one.what.repetition
            for one in tried
            if one.what.rate_rps == rate.rate_rps and one.what.came_from != FROM_ABOVE
        ]
        assert repetitions == [1, 2, 3]


def test_the_passing_rate_is_at_last_tried_from_above():
    tried = search(sharp(9.0))
    bracket = bracket_of(rates_of(tried))
    above_rps = rounded_rps(1.5 * bracket.failing.rate_rps)
    assert [one.what for one in tried[-3:]] == [
        Try(bracket.passing.rate_rps, number, FROM_ABOVE, above_rps) for number in (1, 2, 3)
    ]


def test_a_rate_that_passed_by_chance_moves_the_bracket_when_it_is_repeated():
    lucky = {8.0: [True, False, False]}

    def passes(step):
        outcomes = lucky.get(step.rate_rps)
        return outcomes[step.repetition - 1] if outcomes else step.rate_rps <= 6.0

    bracket = bracket_of(rates_of(search(passes)))
    assert bracket.passing.rate_rps <= 6.0 < bracket.failing.rate_rps


def test_where_the_lowest_rate_fails_it_is_confirmed_and_no_other_is_tried():
    tried = search(sharp(0.5))
    assert {one.what.rate_rps for one in tried} == {1.0}
    assert len(tried) == AIM.confirmations


def test_where_all_pass_the_highest_is_confirmed():
    tried = search(lambda _: True)
    assert tried[-1].what == Try(AIM.high_rps, AIM.confirmations)


def test_a_run_that_cannot_tell_ends_the_search():
    tried = search(lambda step: None if step.rate_rps > 3 else True)
    assert [one.passed for one in tried] == [True, True, None]


@given(st.integers(1, 60), st.integers(0, 10))
def test_the_number_of_runs_is_bounded_whatever_they_say(most_runs, seed):
    random = Random(seed)
    aim = Aim(1.0, 1000.0, 0.01, 5, most_runs)
    assert len(search(lambda _: random.random() < 0.5, aim)) <= most_runs


@given(st.floats(0.5, 1100.0), st.integers(0, 100))
def test_a_search_resumed_from_any_point_goes_on_as_if_nothing_had_been(limit_rps, where):
    tried = search(sharp(limit_rps))
    part = tried[: where % (len(tried) + 1)]
    expected = tried[len(part)].what if len(part) < len(tried) else None
    assert next_try(AIM, part) == expected


@pytest.mark.parametrize(("rate_rps", "said"), [(12.345, 12.3), (0.0456789, 0.0457), (999.6, 1000)])
def test_rates_have_three_digits(rate_rps, said):
    assert rounded_rps(rate_rps) == said
