import pytest
from scipy import stats

from experiment.search.answer import answer_of, in_words, least_chance
from experiment.search.tries import FROM_ABOVE, Aim, Tried, Try

AIM = Aim(low_rps=1.0, high_rps=100.0, precision=0.05, confirmations=2, most_runs=60)


def runs(rate_rps, *passed, **way):
    return [Tried(Try(rate_rps, n, **way), one) for n, one in enumerate(passed, start=1)]


CLEAR = [*runs(40.0, True, True), *runs(42.0, False, False)]


def said(tried, aim=AIM):
    return "\n".join(in_words(aim, answer_of(aim, tried), "p99<800ms"))


def test_the_answer_names_the_last_passing_and_the_first_failing_rate():
    first = said(CLEAR).splitlines()[0]
    assert first == "p99<800ms is met up to 40 rps and missed from 42 rps"


def test_how_sure_it_is_follows_from_the_number_of_runs():
    assert "at 40 rps 2 of 2 runs passed: a run there passes with a chance of at least 22%" in said(
        CLEAR
    )
    assert "a run there fails with a chance of at least 22%" in said(CLEAR)


@pytest.mark.parametrize("runs_", [1, 2, 3, 5, 10])
def test_the_least_chance_is_the_exact_binomial_bound(runs_):
    bound = stats.binomtest(runs_, runs_).proportion_ci(0.9, method="exact")
    assert least_chance(runs_) == pytest.approx(bound.low)


def test_a_rate_where_runs_differ_is_about_the_limit():
    assert "2 of 3 runs passed: the limit is about there" in said(
        [*runs(40.0, True, False, True), *runs(42.0, False, False)]
    )


def test_a_rate_that_passes_from_rest_and_fails_from_above_is_hysteresis():
    above = runs(40.0, False, False, came_from=FROM_ABOVE, above_rps=42.0)
    words = said([*CLEAR, *above])
    assert "HYSTERESIS: coming from an overload of 42 rps, 0 of 2 passed at 40 rps" in words


def test_one_that_passes_both_ways_is_none():
    above = runs(40.0, True, True, came_from=FROM_ABOVE, above_rps=42.0)
    assert "2 of 2 passed: no hysteresis seen" in said([*CLEAR, *above])


def test_passes_above_a_failing_rate_do_not_count_and_are_named():
    tried = [*CLEAR, *runs(50.0, True, True)]
    assert answer_of(AIM, tried).bracket.passing.rate_rps == 40.0
    assert "chance or hysteresis" in said(tried)


@pytest.mark.parametrize(
    ("tried", "headline"),
    [
        ([], "not known at any rate"),
        (runs(1.0, False, False), "not even at 1 rps, the lowest asked"),
        (runs(100.0, True, True), "met up to 100 rps, the highest asked"),
        (runs(40.0, True, True), "met up to 40 rps; no failing rate was seen"),
    ],
    ids=["nothing", "none", "all", "stopped"],
)
def test_where_one_end_is_missing_it_is_said(tried, headline):
    assert headline in said(tried).splitlines()[0]


def test_a_run_that_cannot_tell_is_told_with_its_reason():
    tried = [*CLEAR, Tried(Try(41.0, 1), None, "INVALID (lag)")]
    assert "the search ended early: INVALID (lag)" in said(tried)


def test_an_end_without_the_asked_runs_is_not_as_sure_as_asked():
    assert "not as sure as asked" in said([*runs(40.0, True), *runs(42.0, False)])
    assert "not as sure as asked" in said([*runs(40.0, True, True), *runs(80.0, False, False)])
    assert "not as sure as asked" not in said(CLEAR)
