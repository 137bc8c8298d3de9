"""Each law against its theory, with fixed seeds: scipy's distributions are the oracle."""

import math

import numpy as np
import pytest
from scipy import stats

from shapes.gap_blocks import BurstyGaps
from shapes.laws import parse_law
from shapes.operational_time import NANO
from shapes.poisson_blocks import BLOCK_NANO, BLOCK_UNITS, PoissonBlocks
from shapes.poisson_counts import _table, poisson_counts
from shapes.unit_process import unit_process

ARRIVALS = 200_000
SEEDS = [1, 2, 3]


def arrivals(text, seed=1, count=ARRIVALS):
    return unit_process(parse_law(text), seed).slice(0, count) / NANO


def gaps(text, seed=1, count=ARRIVALS):
    return np.diff(arrivals(text, seed, count), prepend=0.0)


class Hyperexponential(stats.rv_continuous):
    """Balanced means, mean 1, coefficient of variation `cv`."""

    def _cdf(self, x, cv):
        share = 0.5 * (1 + np.sqrt((cv**2 - 1) / (cv**2 + 1)))
        return 1 - share * np.exp(-2 * share * x) - (1 - share) * np.exp(-2 * (1 - share) * x)


HYPEREXPONENTIAL = Hyperexponential(a=0, name="hyperexponential", shapes="cv")
GAP_CDF = {
    "poisson": stats.expon().cdf,
    "uniform-gap": stats.uniform(0, 2).cdf,
    "bursty:1.5": HYPEREXPONENTIAL(cv=1.5).cdf,
    "bursty:3": HYPEREXPONENTIAL(cv=3.0).cdf,
    "bursty:10": HYPEREXPONENTIAL(cv=10.0).cdf,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("law", GAP_CDF)
def test_gaps_have_the_distribution_of_their_law(law, seed):
    found = gaps(law, seed)
    assert stats.kstest(found, GAP_CDF[law]).pvalue > 1e-3
    assert found.mean() == pytest.approx(1, abs=4 * parse_law(law).cv / math.sqrt(ARRIVALS))


@pytest.mark.parametrize(
    ("law", "tolerance"),
    [
        ("poisson", 0.02),
        ("uniform-gap", 0.01),
        ("bursty:1.5", 0.03),
        ("bursty:3", 0.1),
        ("bursty:10", 0.8),
    ],
)
def test_gaps_vary_as_much_as_their_law_says(law, tolerance):
    found = gaps(law)
    assert found.std() / found.mean() == pytest.approx(parse_law(law).cv, abs=tolerance)


@pytest.mark.parametrize("law", GAP_CDF)
@pytest.mark.parametrize("lag", [1, 2, 5])
def test_gaps_do_not_depend_on_the_ones_before(law, lag):
    ranks = stats.rankdata(gaps(law))
    assert abs(stats.pearsonr(ranks[lag:], ranks[:-lag]).statistic) < 4 / math.sqrt(ARRIVALS)


@pytest.mark.parametrize(
    "window",
    [0.1, 1.0, 7.3, 100.0, BLOCK_UNITS / 2, BLOCK_UNITS, 1.5 * BLOCK_UNITS, 5000.0],
    ids=lambda window: f"{window:g}-units",
)
def test_poisson_counts_vary_as_much_as_their_mean_in_windows_of_any_size(window):
    times = arrivals("poisson", seed=7, count=1_000_000)
    windows = int(times[-1] / window)
    counts = np.histogram(times, bins=np.arange(min(windows, 200_000) + 1) * window)[0]
    dispersion = counts.var(ddof=1) / counts.mean()
    # Chi-square with n - 1 degrees of freedom; small means add excess kurtosis 1 / mean.
    spread = math.sqrt((2 + 1 / window) / counts.size)
    assert dispersion == pytest.approx(1, abs=4 * spread)


def test_poisson_arrivals_see_nothing_of_the_blocks_they_are_made_in():
    times = arrivals("poisson", seed=3, count=1_000_000)
    across = times[np.searchsorted(times, np.arange(1, 900) * BLOCK_UNITS)] % BLOCK_UNITS
    assert stats.kstest(across, "expon").pvalue > 1e-3
    assert stats.kstest(times % BLOCK_UNITS / BLOCK_UNITS, "uniform").pvalue > 1e-3


def test_the_first_poisson_arrival_over_many_seeds_is_exponential():
    law = parse_law("poisson")
    first = [unit_process.__wrapped__(law, seed).slice(0, 1)[0] / NANO for seed in range(2000)]
    assert stats.kstest(first, "expon").pvalue > 1e-3


def test_the_counts_of_blocks_invert_the_poisson_distribution():
    lowest, thresholds = _table(BLOCK_NANO)
    counts = lowest + np.arange(thresholds.size)
    expected = stats.poisson(BLOCK_UNITS).cdf(counts)
    assert thresholds / 2.0**64 == pytest.approx(expected, rel=1e-9, abs=1e-17)
    assert np.all(thresholds[1:] >= thresholds[:-1])


def test_what_the_table_of_counts_leaves_out_is_never_seen():
    lowest, thresholds = _table(BLOCK_NANO)
    assert stats.poisson(BLOCK_UNITS).cdf(lowest - 1) < 2.0**-64
    assert stats.poisson(BLOCK_UNITS).sf(lowest + thresholds.size) < 2.0**-64


def test_a_word_on_a_threshold_belongs_to_the_next_count():
    lowest, thresholds = _table(BLOCK_NANO)
    middle = BLOCK_UNITS - lowest
    threshold = thresholds[middle : middle + 1]
    assert poisson_counts(threshold, BLOCK_NANO).tolist() == [BLOCK_UNITS + 1]
    assert poisson_counts(threshold - np.uint64(1), BLOCK_NANO).tolist() == [BLOCK_UNITS]


def test_counts_drawn_later_do_not_repeat_those_drawn_before():
    blocks = PoissonBlocks(4)
    counts = np.diff([blocks.first_k(block) for block in range(8193)])
    for lag in (1, 1024, 2048, 4096):
        correlation = stats.pearsonr(counts[lag:], counts[:-lag]).statistic
        assert abs(correlation) < 4 / math.sqrt(counts.size - lag)
    dispersion = counts.var(ddof=1) / counts.mean()
    assert dispersion == pytest.approx(1, abs=4 * math.sqrt(2 / counts.size))


@pytest.mark.parametrize(
    ("word", "exponential", "share"),
    [(0, 53 * math.log(2), 0.5 + math.sqrt(0.2)), (2**64 - 1, 0.0, 0.5 - math.sqrt(0.2))],
    ids=["lowest-word-longest-gap", "highest-word-no-gap"],
)
def test_the_most_extreme_words_give_the_most_extreme_gaps(monkeypatch, word, exponential, share):
    monkeypatch.setattr(
        "shapes.gap_blocks.words", lambda *_, **__: np.array([word], dtype=np.uint64)
    )
    found = BurstyGaps(1, 3.0)(0, 1)[0] / NANO
    assert found == pytest.approx(exponential / (2 * share), rel=1e-8)


def minute_of_fifty_a_second(seed):
    times = arrivals("poisson", seed, 4000) / 50
    return times[times < 60]


@pytest.mark.parametrize("seed", range(1, 21))
def test_a_poisson_minute_at_fifty_a_second_is_three_thousand_arrivals(seed):
    sent = minute_of_fifty_a_second(seed)
    assert abs(sent.size - 3000) < 3 * math.sqrt(3000)
    assert stats.kstest(np.diff(sent) * 50, "expon").pvalue > 1e-3


def test_nineteen_of_twenty_poisson_minutes_vary_within_five_per_cent_of_one():
    # The coefficient of variation of n exponential gaps has standard deviation 1 / sqrt(n): a
    # perfect process leaves 5 % once in 160 minutes, and 4 standard deviations hardly ever.
    found = [stats.variation(np.diff(minute_of_fifty_a_second(seed))) for seed in range(1, 21)]
    off = np.abs(np.array(found) - 1)
    assert np.count_nonzero(off < 0.05) >= 19
    assert off.max() < 4 / math.sqrt(3000)
