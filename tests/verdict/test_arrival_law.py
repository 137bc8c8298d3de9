import numpy as np
import pytest
from scipy import integrate, stats

from shapes.laws import parse_law
from verdict.arrival_law import (
    gap_cdf,
    kolmogorov_p,
    ks_distance,
    ks_distance_binned,
    ks_distance_of_two,
)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(20)


def test_poisson_gaps_are_exponential():
    gaps = np.linspace(0, 20, 100)
    assert gap_cdf(parse_law("poisson"), gaps) == pytest.approx(stats.expon.cdf(gaps))


def test_uniform_gaps_lie_between_zero_and_two():
    gaps = np.array([-0.1, 0.0, 0.5, 2.0, 3.0])
    assert gap_cdf(parse_law("uniform-gap"), gaps) == pytest.approx(stats.uniform(0, 2).cdf(gaps))


@pytest.mark.parametrize("cv", [1.5, 3.0, 10.0], ids=["mild", "bursty", "wild"])
def test_bursty_gaps_have_mean_one_and_the_asked_variation(cv):
    law = parse_law(f"bursty:{cv}")

    def tail(x: float) -> float:
        return 1 - float(gap_cdf(law, np.array([x]))[0])

    mean = integrate.quad(tail, 0, np.inf, limit=500)[0]
    square = integrate.quad(lambda x: 2 * x * tail(x), 0, np.inf, limit=500)[0]
    assert mean == pytest.approx(1, rel=1e-6)
    assert square - 1 == pytest.approx(cv**2, rel=1e-4)


def test_the_distance_is_scipys(random):
    gaps = random.exponential(1.1, 500)
    expected = stats.kstest(gaps, "expon").statistic
    assert ks_distance(gap_cdf(parse_law("poisson"), gaps)) == pytest.approx(expected)


def test_binned_counts_give_the_distance_to_one_bin(random):
    probabilities = gap_cdf(parse_law("poisson"), random.exponential(1.1, 5000))
    counts = np.bincount((probabilities * 1000).astype(int), minlength=1000)
    assert ks_distance_binned(counts) == pytest.approx(ks_distance(probabilities), abs=1e-3)


def test_two_samples_in_bins_have_scipys_distance(random):
    first, second = random.integers(0, 20, 300), random.integers(2, 20, 400)
    counts = [np.bincount(sample, minlength=20) for sample in (first, second)]
    assert ks_distance_of_two(*counts) == pytest.approx(stats.ks_2samp(first, second).statistic)


@pytest.mark.parametrize("n", [20, 100, 10_000], ids=["few", "some", "many"])
@pytest.mark.parametrize("p", [0.5, 0.05, 1e-3, 1e-6], ids=["usual", "rare", "limit", "never"])
def test_p_values_are_those_of_the_exact_distribution(n, p):
    distance = stats.kstwo.isf(p, n)
    assert np.log10(kolmogorov_p(distance, n)) == pytest.approx(np.log10(p), abs=0.3)


def test_no_distance_at_all_is_no_evidence():
    assert kolmogorov_p(0.0, 100) == 1.0
