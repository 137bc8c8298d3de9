import numpy as np
import pandas as pd
import pytest

from analysis.metrics.slo import is_windowed, slo_violation
from verdict.checks import parse_check

P99 = parse_check("p99<800ms")


def calls_of(latency_s, every_s=0.1, to_s=60.0, from_s=0.0):
    intended_s = np.arange(from_s, to_s, every_s)
    return pd.DataFrame({"intended_s": intended_s, "latency_s": latency_s(intended_s)})


def minutes(calls, check=P99, from_s=0.0, to_s=60.0):
    found = slo_violation(calls, check, from_s, to_s)
    return pytest.approx(found.minutes), pytest.approx(found.of_minutes)


def test_each_window_whose_percentile_misses_the_check_counts():
    slow = calls_of(lambda t: np.where((t >= 20) & (t < 40), 2.0, 0.1))
    assert minutes(slow) == (20 / 60, 1.0)


def test_a_tail_below_the_percentile_breaks_no_promise():
    # One call in 200 is slow; a window holds 200.
    slow = calls_of(lambda t: np.where(np.arange(len(t)) % 200 == 7, 2.0, 0.1), every_s=0.05)
    assert minutes(slow) == (0.0, 1.0)


def test_failed_calls_are_infinitely_late():
    failing = calls_of(lambda t: np.where(t < 10, np.inf, 0.1))
    assert minutes(failing) == (10 / 60, 1.0)
    assert minutes(failing, parse_check("success>=99%")) == (10 / 60, 1.0)


def test_a_window_without_calls_neither_keeps_nor_breaks_it():
    calls = calls_of(lambda t: np.full(len(t), 2.0))
    calls = calls[calls["intended_s"] >= 30]
    assert minutes(calls) == (0.5, 0.5)


def test_windows_begin_with_the_measured_phase_and_the_last_is_as_long_as_it_is():
    calls = calls_of(lambda t: np.full(len(t), 2.0), from_s=15.0, to_s=40.0)
    assert minutes(calls, from_s=15.0, to_s=40.0) == (25 / 60, 25 / 60)


@pytest.mark.parametrize(
    ("text", "judged"),
    [("p50<1s", True), ("success>=99%", True), ("mean<1s", False), ("rps>5", False)],
)
def test_only_percentiles_of_latency_and_success_are_judged_by_window(text, judged):
    assert is_windowed(parse_check(text)) == judged
