import numpy as np
import pytest

from analysis.statistics.warm_up import mser5, warm_up_of


def by_definition(values):
    """MSER-5 as it is defined, one cut after the other."""
    means = values[: len(values) // 5 * 5].reshape(-1, 5).mean(axis=1)
    errors = [
        ((means[d:] - means[d:].mean()) ** 2).sum() / len(means[d:]) ** 2
        for d in range(len(means) - 5)
    ]
    return 5 * int(np.argmin(errors))


def test_the_cut_is_that_of_the_definition(rng):
    values = rng.normal(size=1000) + np.concatenate([np.linspace(8, 0, 200), np.zeros(800)])
    assert mser5(values) == by_definition(values)


def test_a_transient_is_left_out(rng):
    values = rng.normal(size=2000)
    values[:300] += 10
    assert mser5(values) == 300


def test_a_series_that_never_settles_has_no_cut(rng):
    assert mser5(np.linspace(0, 10, 2000) + rng.normal(size=2000) * 0.1) is None


@pytest.mark.parametrize(
    "values", [np.ones(50), np.append(np.ones(999), np.inf)], ids=["too few", "failures"]
)
def test_no_cut_is_claimed_where_it_cannot_be_known(values):
    assert mser5(values) is None


def test_the_larger_of_both_warm_ups_is_used_and_told(rng):
    values = rng.normal(size=2000)
    values[:300] += 10
    times_s = np.arange(2000) * 0.1
    asked_for_less, asked_for_more = (warm_up_of(fixed, times_s, values) for fixed in (10.0, 60.0))
    assert (asked_for_less.used_s, asked_for_more.used_s) == (30.0, 60.0)
    assert "later than" in asked_for_less.warning
    assert not asked_for_more.warning


@pytest.mark.parametrize(
    ("values", "said"),
    [(np.linspace(0, 10, 2000), "no cut"), (np.append(np.ones(999), np.inf), "failed calls")],
    ids=["drift", "failures"],
)
def test_where_mser_knows_no_cut_the_fixed_one_stays_and_it_is_told(values, said):
    found = warm_up_of(10.0, np.arange(len(values)) * 0.1, values)
    assert (found.used_s, found.mser5_s) == (10.0, None)
    assert said in found.warning


def test_a_transient_before_a_constant_rest_is_all_that_is_left_out():
    values = np.full(2000, 0.1)
    values[:300] = np.linspace(3.0, 0.2, 300)
    assert mser5(values) == 300


def test_rounding_is_no_transient(rng):
    assert mser5(0.2 + rng.normal(size=2000) * 1e-15) == 0
