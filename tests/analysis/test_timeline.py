import numpy as np
import pandas as pd
import pytest

from analysis.metrics.calls import with_durations
from analysis.metrics.timeline import (
    in_flight,
    scatter_sample,
    timeline,
    window_percentiles,
    window_starts_s,
    window_width_s,
)


def random_calls(rng, n=2000, span_s=60.0):
    intended_s = np.sort(rng.uniform(0, span_s, n))
    sent_s = intended_s + rng.exponential(0.001, n)
    status = rng.choice(["ok", "failed", "unsent"], n, p=[0.9, 0.07, 0.03])
    sent_s[status == "unsent"] = np.nan
    return with_durations(
        pd.DataFrame(
            {
                "intended_s": intended_s,
                "sent_s": sent_s,
                "received_s": sent_s + rng.exponential(0.2, n),
                "status": status,
                "instance_seq": np.where(status == "ok", rng.integers(1, 50, n), np.nan),
            }
        )
    )


@pytest.mark.parametrize(
    ("span_s", "width_s"),
    [(10, 0.5), (720, 5), (86_400, 600), (1e7, 1e7 / 240)],
    ids=["seconds", "minutes", "a day", "months"],
)
def test_windows_are_round_and_few(span_s, width_s):
    assert window_width_s(span_s) == width_s
    assert len(window_starts_s(span_s, width_s)) <= 240


@pytest.mark.parametrize(
    ("calls", "width_s"),
    [(6000, 0.5), (283, 2), (40, 10), (1, 10)],
    ids=["many", "few", "40", "one"],
)
def test_windows_of_few_calls_are_wide_enough_to_hold_some(calls, width_s):
    assert window_width_s(90.0, calls) == width_s


def test_window_percentiles_are_those_of_the_latencies_intended_in_the_window(rng):
    calls = random_calls(rng)
    table = window_percentiles(calls, window_starts_s(60, 5), 5.0)
    sent = calls.dropna(subset=["latency_s"])
    grouped = sent["latency_s"].groupby(sent["intended_s"] // 5)
    for column, quantile in (("p50_s", 0.5), ("p99_s", 0.99)):
        expected = grouped.apply(lambda v, q=quantile: np.sort(v)[int(np.ceil(q * len(v))) - 1])
        assert table[column].tolist() == expected.tolist()
    assert table["n"].tolist() == grouped.size().tolist()


def test_windowed_percentiles_follow_a_burst():
    intended_s = np.arange(0, 60, 0.1)
    high = (intended_s % 30) < 10
    calls = pd.DataFrame({"intended_s": intended_s, "latency_s": np.where(high, 2.0, 0.1)})
    table = window_percentiles(calls, window_starts_s(60, 10), 10.0)
    assert table["p50_s"].tolist() == [2.0, 0.1, 0.1, 2.0, 0.1, 0.1]


def test_a_window_without_calls_has_no_percentile():
    calls = pd.DataFrame({"intended_s": [0.5, 2.5], "latency_s": [0.1, 0.1]})
    table = window_percentiles(calls, window_starts_s(3, 1), 1.0)
    assert table["n"].tolist() == [1, 0, 1]
    assert table["p50_s"].isna().tolist() == [False, True, False]


def test_calls_in_flight_are_the_time_average_of_a_fine_count(rng):
    calls = random_calls(rng)
    edges = np.arange(0, 61, 10.0)
    fine = np.arange(0, 60, 0.01)
    sent = calls[calls["sent_s"].notna()]
    counts = np.array([((sent["sent_s"] <= t) & (sent["received_s"] > t)).sum() for t in fine])
    assert in_flight(calls, edges) == pytest.approx(counts.reshape(6, -1).mean(axis=1), rel=0.01)


def test_an_unfinished_call_stays_in_flight_to_the_end():
    calls = pd.DataFrame({"sent_s": [1.0], "received_s": [np.nan]})
    assert in_flight(calls, np.array([0.0, 1.0, 2.0, 3.0])).tolist() == [0.0, 1.0, 1.0]


def test_rates_integrate_to_the_counts(rng):
    calls = random_calls(rng)
    table = timeline(calls, lambda t: 30 * t, 60.0, 5.0)
    assert (table["sent_rps"] * 5).sum() == pytest.approx((calls["sent_s"] < 60).sum())
    assert table["offered_rps"].tolist() == pytest.approx([30.0] * 12)


def test_a_last_window_cut_by_the_end_shows_the_offered_rate_of_its_part():
    calls = random_calls(np.random.default_rng(1))
    table = timeline(calls, lambda t: 30 * t, 57.0, 5.0)
    assert table["offered_rps"].iloc[-1] == pytest.approx(30.0)


def test_the_sample_is_thin_and_keeps_every_first_call_on_an_instance(rng):
    calls = random_calls(rng, 20_000)
    sample = scatter_sample(calls, 1000)
    assert len(sample) < 1000 + calls["instance_seq"].eq(1).sum()
    assert (
        sample["first_on_instance"].sum()
        == (calls["instance_seq"].eq(1) & calls["latency_s"].notna()).sum()
    )
