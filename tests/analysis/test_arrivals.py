import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.laws import gap_quantile
from analysis.metrics.arrivals import behind_plan, gap_cv, gap_quantiles, operational_gaps
from shapes.laws import parse_law
from shapes.rate_log import RateLog, RateSegment


def test_gaps_are_those_of_all_members_merged():
    assert operational_gaps(np.array([0.3, 0.1, 0.2]), lambda t: 10 * t) == pytest.approx([1, 1])


def test_in_operational_time_a_change_of_rate_leaves_the_gaps_alone():
    rates = RateLog((RateSegment(0.0, 10.0), RateSegment(1.0, 100.0)))
    sent_s = rates.inverse(np.arange(60.0))
    gaps = operational_gaps(sent_s, rates.integral)
    assert gaps == pytest.approx(np.ones(59))
    assert gap_cv(gaps) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("law", "oracle"),
    [("poisson", stats.expon()), ("uniform-gap", stats.uniform(0, 2))],
    ids=["poisson", "uniform gaps"],
)
def test_quantiles_of_the_law_are_scipys(law, oracle):
    share = np.linspace(0.01, 0.999, 50)
    assert gap_quantile(parse_law(law), share) == pytest.approx(oracle.ppf(share), abs=1e-3)


def test_bursty_quantiles_have_mean_one_and_the_asked_variation():
    share = (np.arange(400_000) + 0.5) / 400_000
    gaps = gap_quantile(parse_law("bursty:3"), share)
    assert gaps.mean() == pytest.approx(1, abs=0.01)
    assert gaps.std() == pytest.approx(3, rel=0.02)


def test_a_perfect_sample_lies_on_the_diagonal_and_keeps_its_tail(rng):
    gaps = rng.exponential(size=20_000)
    table = gap_quantiles(gaps, parse_law("poisson"))
    body = table[table["probability"] < 0.99]
    assert (body["sent_gap"] - body["law_gap"]).abs().max() < 0.2
    assert table["sent_gap"].iloc[-1] == gaps.max()


def test_behind_plan_counts_what_is_late_and_what_never_left():
    calls = pd.DataFrame(
        {
            "intended_s": [0.5, 1.5, 2.5],
            "sent_s": [0.5, 2.2, np.nan],
            "status": ["ok", "ok", "unsent"],
        }
    )
    table = behind_plan(calls, 1.0, 3.0)
    assert table["planned"].tolist() == [1, 2, 3]
    assert table["sent"].tolist() == [1, 1, 2]
    assert table["behind"].tolist() == [0, 1, 1]
    assert table["unsent"].tolist() == [0, 0, 1]
