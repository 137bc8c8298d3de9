import pytest

from experiment.search.asked import Asked
from experiment.search.planned import planned_run, seen, tried_of
from experiment.search.tries import FROM_ABOVE, Aim, Tried, Try
from experiment.sweep.load_arguments import load_arguments
from experiment.sweep.spec import spec_from
from records.sweeps.ledger import RUN_FINISHED, RUN_GIVEN_UP, LedgerEntry
from records.sweeps.standing import RunStanding

SPEC = spec_from(
    {
        "name": "search",
        "rates_rps": [1],
        "laws": ["poisson"],
        "spins": ["100ms"],
        "duration": "60s",
        "warm_up": "20s",
        "checks": ["p99<800ms"],
    },
    "search",
)
ASKED = Asked(Aim(1.0, 100.0, 0.05, 3, 40), SPEC, seed=7)
BELOW, ABOVE = Try(40.0, 2), Try(40.0, 2, FROM_ABOVE, 42.0)


def finished(**fields):
    return RunStanding(attempts=1, finished=LedgerEntry(1.0, RUN_FINISHED, "a", fields))


def test_repetitions_have_seeds_of_their_own_and_the_same_again_when_resumed():
    seeds = [planned_run(ASKED, Try(40.0, n), 0, None).seed for n in (1, 2, 3)]
    assert len(set(seeds)) == 3
    assert planned_run(ASKED, Try(40.0, 2), 9, None).seed == seeds[1]


def test_a_run_from_above_is_judged_after_the_higher_rate_and_its_own_warm_up(tmp_path):
    run = planned_run(ASKED, ABOVE, 0, None)
    assert (run.duration_s, run.warm_up_s) == (120.0, 80.0)
    arguments = load_arguments(SPEC, run, tmp_path / run.run_id)
    assert "--rate-profile=step:42@0s,40@1m" in arguments
    assert not any(one.startswith("--rps") for one in arguments)


def test_a_run_from_rest_has_its_rate_alone(tmp_path):
    run = planned_run(ASKED, BELOW, 0, None)
    assert (run.duration_s, run.warm_up_s) == (60.0, 20.0)
    assert "--rps=40" in load_arguments(SPEC, run, tmp_path / run.run_id)


def test_the_ways_to_a_rate_have_names_of_their_own():
    ids = {planned_run(ASKED, what, 0, None).run_id for what in (BELOW, ABOVE, Try(40.0, 1))}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("standing", "passed", "said"),
    [
        (finished(level="VALID", exit_code=0, overload_class="stable"), True, ""),
        (finished(level="SUSPECT", exit_code=0, overload_class="marginal"), True, ""),
        (finished(level="VALID", exit_code=4, overload_class="stable"), False, "limit was missed"),
        (finished(level="VALID", exit_code=0, overload_class="overload"), False, "overloaded"),
        (finished(level="INVALID", exit_code=3, overload_class=""), None, "tells nothing"),
        (
            RunStanding(given_up=LedgerEntry(1.0, RUN_GIVEN_UP, "a", {"reason": "no way"})),
            None,
            "no way",
        ),
    ],
    ids=["met", "suspect", "missed", "overloaded", "invalid", "given up"],
)
def test_only_what_met_all_limits_without_overload_passed(standing, passed, said):
    tried = tried_of(BELOW, standing)
    assert tried.passed is passed
    assert said in tried.said


def test_the_last_run_is_told_with_the_way_it_came():
    assert seen([Tried(ABOVE, passed=False, said="a limit was missed")]) == (
        "40 rps, coming from 42 rps: failed: a limit was missed"
    )
