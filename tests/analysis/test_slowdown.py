import numpy as np
import pandas as pd
import pytest

from analysis.ideal import CALIBRATED, REQUESTED_SPIN, UNKNOWN, ideal_of
from analysis.metrics.slowdown import mean_slowdown, sent_slowdowns, with_slowdown


def calls_of(latency_s, ideal_s):
    latencies = pd.DataFrame(
        {"intended_s": np.arange(len(latency_s), dtype=float), "latency_s": latency_s}
    )
    return with_slowdown(latencies, pd.Series(ideal_s, dtype=float))


def test_a_target_that_queues_nothing_has_slowdown_one_at_every_spin():
    spins = np.arange(0.1, 1.01, 0.1)
    assert sent_slowdowns(calls_of(spins, spins)).tolist() == pytest.approx([1.0] * 10)


def test_failed_calls_slow_down_without_limit():
    assert sent_slowdowns(calls_of([0.2, np.inf], [0.1, 0.1])).tolist() == [2.0, np.inf]


def test_calls_never_sent_or_without_an_ideal_have_no_slowdown():
    assert sent_slowdowns(calls_of([0.2, np.nan, 0.3], [0.1, 0.1, 0.0])).tolist() == [2.0]


def test_the_mean_is_over_requests_not_of_means_over_a_minimum():
    mean = mean_slowdown(calls_of([0.1, 2.0], [0.1, 1.0]), 5.0)
    assert (mean.value, mean.bound_s) == (pytest.approx(1.5), None)


def test_the_restricted_mean_bounds_each_call_by_the_deadline_over_its_own_ideal():
    mean = mean_slowdown(calls_of([0.1, np.inf], [0.1, 1.0]), 5.0)
    assert (mean.value, mean.censored, mean.bound_s) == (pytest.approx((1 + 5) / 2), 1, 5.0)


@pytest.mark.parametrize(
    ("calibration", "source", "ideals"),
    [
        ({"ideal_s": 0.11}, CALIBRATED, [0.11, 0.11]),
        ({"by_spin": [[0.1, 0.105], [0.2, 0.21]]}, CALIBRATED, [0.105, 0.21]),
        (None, REQUESTED_SPIN, [0.1, 0.2]),
    ],
    ids=["one for all", "by spin", "requested spin"],
)
def test_the_ideal_says_where_it_comes_from(calibration, source, ideals):
    spin_s = pd.Series([0.1, 0.2])
    ideal = ideal_of(calibration, spin_s)
    assert ideal.source == source
    assert ideal.of(spin_s).tolist() == ideals


def test_without_spin_and_calibration_no_ideal_is_made_up():
    spin_s = pd.Series([np.nan, np.nan])
    ideal = ideal_of(None, spin_s)
    assert ideal.source == UNKNOWN
    assert ideal.of(spin_s).isna().all()
