import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.metrics.latency import distribution, mean_latency, percentiles, restriction_s
from verdict.histogram import Histogram


@given(
    st.lists(st.floats(0, 1e3), min_size=1, max_size=200),
    st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.999]),
)
def test_percentiles_are_numpys_inverted_cdf(values, quantile):
    table = percentiles(np.array(values), (quantile,))
    expected = np.quantile(values, quantile, method="inverted_cdf")
    assert table["latency_s"].iloc[0] == expected


def test_percentiles_of_several_members_are_those_of_the_pooled_records(rng):
    members = [rng.exponential(scale, 400) for scale in (0.01, 0.02, 0.1, 1.0)]
    pooled = percentiles(np.concatenate(members), (0.95,))["latency_s"].iloc[0]
    assert pooled == np.quantile(np.concatenate(members), 0.95, method="inverted_cdf")
    assert pooled != pytest.approx(np.mean([np.quantile(m, 0.95) for m in members]), rel=0.05)


def test_percentiles_agree_with_those_of_the_verdict(rng):
    values = rng.exponential(0.2, 2000)
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    ours = percentiles(values, (0.5, 0.99))["latency_s"]
    assert ours.tolist() == pytest.approx([histogram.quantile(q) for q in (0.5, 0.99)], rel=2e-3)


@pytest.mark.parametrize(
    ("failures", "reached"), [(1, True), (2, False)], ids=["one per cent", "two per cent"]
)
def test_failures_push_the_p99_out_of_reach(failures, reached):
    values = np.concatenate([np.full(100 - failures, 0.1), np.full(failures, np.inf)])
    assert math.isfinite(percentiles(values, (0.99,))["latency_s"].iloc[0]) is reached


def test_percentiles_of_nothing_are_missing():
    assert percentiles(np.empty(0))["latency_s"].isna().all()


def test_the_distribution_is_that_of_all_calls_and_ends_at_the_answered_share():
    curve = distribution(np.array([0.1, 0.2, np.inf, 0.3]))
    expected = pd.DataFrame(
        {"value": [0.1, 0.2, 0.3], "share": [0.25, 0.5, 0.75], "share_beyond": [0.75, 0.5, 0.25]}
    )
    pd.testing.assert_frame_equal(curve, expected)


def test_a_thinned_distribution_lies_on_the_exact_one_and_keeps_the_tail(rng):
    values = rng.exponential(size=100_000)
    curve = distribution(values, 500)
    ordered = np.sort(values)
    assert len(curve) < 1000
    assert np.array_equal(np.searchsorted(ordered, curve["value"], "right") / 1e5, curve["share"])
    assert curve["value"].tail(200).tolist() == ordered[-200:].tolist()


def test_the_mean_is_plain_where_every_call_was_answered():
    mean = mean_latency(np.array([0.1, 0.3]), 5.0)
    assert (mean.value, mean.censored, mean.bound_s) == (pytest.approx(0.2), 0, None)


def test_with_failures_the_mean_is_restricted_to_the_deadline_and_says_so():
    mean = mean_latency(np.array([0.1, 0.3, np.inf, 6.0]), 5.0)
    assert (mean.censored, mean.bound_s) == (1, 5.0)
    assert mean.value == pytest.approx((0.1 + 0.3 + 5.0 + 5.0) / 4)


def test_the_restricted_mean_is_never_below_that_of_the_survivors(rng):
    answered = rng.exponential(0.2, 90)
    values = np.concatenate([answered, np.full(10, np.inf)])
    assert mean_latency(values, None).value > answered.mean()


@pytest.mark.parametrize(
    ("values", "deadline_s", "bound_s"),
    [([0.1, np.inf], 2.0, 2.0), ([0.1, 0.7, np.inf], None, 0.7)],
    ids=["the deadline", "else the longest answer"],
)
def test_the_bound_is_named(values, deadline_s, bound_s):
    assert restriction_s(np.array(values), deadline_s) == bound_s


def test_without_any_answer_and_deadline_there_is_no_bound():
    assert math.isnan(restriction_s(np.array([np.inf]), None))
