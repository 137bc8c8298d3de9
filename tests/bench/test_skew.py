"""Dealing one arrival process to members whose clocks disagree."""

import numpy as np
import pytest

from bench.peers import gaps, skew


def dealt(rate_rps, law, rule):
    schedule = skew.planned(rate_rps, law)
    arrivals = schedule.arrivals(0, 4000)
    return arrivals, rule(schedule, arrivals)


@pytest.mark.parametrize("rule", [skew.as_here, skew.in_turn, skew.in_blocks])
@pytest.mark.parametrize("law", ["uniform", "poisson"])
def test_without_skew_the_merged_process_is_the_plan(law, rule):
    arrivals, members = dealt(500.0, law, rule)
    between_s = np.diff(arrivals.intended_s)
    merged = skew.seen(arrivals.intended_s, members, 0.0, 500.0)
    assert merged["cv"] == pytest.approx(gaps.variation(between_s))
    assert merged["ks"] == pytest.approx(gaps.exponential_distance(between_s, 500.0))


def test_equidistant_arrivals_are_dealt_in_turn_here():
    arrivals, members = dealt(50.0, "uniform", skew.as_here)
    assert np.array_equal(members, arrivals.k % 4)


def test_a_small_skew_of_members_in_turn_is_the_spread_of_the_gaps():
    # A gap between neighbours is 1 / rate + o_j - o_i, of variance 2 sd^2 / rate^-2 (Bessel apart).
    arrivals, members = dealt(50.0, "uniform", skew.in_turn)
    cv = skew.seen(arrivals.intended_s, members, 0.0005, 50.0)["cv"]
    assert cv == pytest.approx(np.sqrt(2) * 0.0005 * 50.0, rel=0.3)


def test_random_arrivals_dealt_by_hash_stay_random_where_those_in_turn_do_not():
    by_hash = skew.seen(*times_and_members(skew.as_here), 0.001, 2000.0)["ks"]
    in_turn = skew.seen(*times_and_members(skew.in_turn), 0.001, 2000.0)["ks"]
    assert by_hash < in_turn / 2


def times_and_members(rule):
    arrivals, members = dealt(2000.0, "poisson", rule)
    return arrivals.intended_s, members


def test_in_blocks_only_the_edges_feel_the_clocks():
    arrivals, members = dealt(500.0, "uniform", skew.in_blocks)
    cv = skew.seen(arrivals.intended_s, members, 0.001, 500.0)["cv"]
    assert cv < skew.seen(arrivals.intended_s, arrivals.k % 4, 0.001, 500.0)["cv"] / 5
