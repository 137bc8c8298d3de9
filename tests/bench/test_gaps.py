"""The statistics of arrivals, against scipy and against arithmetic."""

import numpy as np
import pytest
from scipy import stats

from bench.peers import gaps

RATE_RPS = 50.0


@pytest.fixture(params=range(3))
def drawn(request):
    return np.random.default_rng(request.param).exponential(1 / RATE_RPS, 400)


def test_the_distance_to_the_exponential_law_is_that_of_scipy(drawn):
    expected = stats.kstest(drawn, "expon", args=(0, 1 / RATE_RPS)).statistic
    assert gaps.exponential_distance(drawn, RATE_RPS) == pytest.approx(expected)


def test_the_variation_is_that_of_scipy(drawn):
    assert gaps.variation(drawn) == pytest.approx(stats.variation(drawn))


@pytest.mark.parametrize("law", ["uniform", "poisson"])
def test_the_distance_to_a_law_is_the_wasserstein_distance_to_its_quantiles(law, drawn):
    expected = stats.wasserstein_distance(drawn * RATE_RPS, gaps.law_quantiles(law, len(drawn)))
    assert gaps.distance_to_law(drawn, RATE_RPS, law) == pytest.approx(expected)


def test_a_perfect_process_is_on_its_law():
    even = np.full(100, 1 / RATE_RPS)
    assert gaps.distance_to_law(even, RATE_RPS, "uniform") == pytest.approx(0, abs=1e-9)
    drawn = np.random.default_rng(1).exponential(1 / RATE_RPS, 20_000)
    assert gaps.distance_to_law(drawn, RATE_RPS, "poisson") < 0.03


def test_the_quantiles_of_the_exponential_law_are_those_of_scipy():
    expected = stats.expon.ppf((np.arange(9) + 0.5) / 9)
    assert gaps.law_quantiles("poisson", 9) == pytest.approx(expected)


def test_equal_counts_in_all_bins_have_no_dispersion():
    assert gaps.dispersion(np.arange(500) / 64, 5 / 64) == pytest.approx(0, abs=1e-9)


def test_poisson_counts_have_a_dispersion_of_one():
    arrivals_s = np.cumsum(np.random.default_rng(1).exponential(0.002, 100_000))
    assert gaps.dispersion(arrivals_s, 0.1) == pytest.approx(1, abs=0.1)


def test_of_less_than_two_bins_there_is_no_dispersion():
    assert gaps.dispersion(np.array([1.0, 1.05]), 0.1) is None


def test_what_came_while_clients_started_is_left_out():
    assert gaps.settled(np.array([10.0, 10.4, 11.0, 12.0]), 1.0).tolist() == [11.0, 12.0]


def test_of_no_arrivals_none_are_left_out():
    assert not len(gaps.settled(np.empty(0), 1.0))


def test_a_common_offset_is_not_off_the_plan():
    arrivals_s = 1e9 + np.arange(50) / RATE_RPS
    assert gaps.off_plan_s(arrivals_s, RATE_RPS).max() < 1e-6


def test_one_late_arrival_is_off_the_plan_by_its_lateness():
    arrivals_s = np.arange(50) / RATE_RPS
    arrivals_s[20] += 0.005
    assert gaps.off_plan_s(arrivals_s, RATE_RPS)[20] == pytest.approx(0.005)
