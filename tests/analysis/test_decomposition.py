import numpy as np
import pandas as pd
import pytest

from analysis.metrics.decomposition import PARTS, mean_parts_by_band, split_latency


@pytest.fixture
def calls(rng):
    n = 1000
    intended_s = np.arange(n, dtype=float)
    lag_s, way_s, cpu_s, extra_s = (rng.exponential(scale, n) for scale in (1e-3, 0.05, 0.1, 0.02))
    return pd.DataFrame(
        {
            "status": "ok",
            "intended_s": intended_s,
            "sent_s": intended_s + lag_s,
            "received_s": intended_s + lag_s + way_s + cpu_s + extra_s,
            "worker_wall_s": cpu_s + extra_s,
            "worker_cpu_s": cpu_s,
        }
    )


def test_the_parts_of_every_call_add_up_to_its_latency(calls):
    parts = split_latency(calls)
    assert parts[list(PARTS)].sum(axis=1).to_numpy() == pytest.approx(parts["latency_s"].to_numpy())


def test_a_target_that_tells_nothing_of_itself_is_not_split(calls):
    silent = split_latency(calls.assign(worker_cpu_s=np.nan))
    assert (silent["network_and_queue_s"] == 0).all()
    assert silent[["lag_s", "unsplit_s"]].sum(axis=1).to_numpy() == pytest.approx(
        silent["latency_s"].to_numpy()
    )


def test_only_answered_calls_are_split(calls):
    calls.loc[:99, "status"] = "failed"
    assert len(split_latency(calls)) == 900


def test_bands_go_from_fast_to_slow_and_hold_every_call_once(calls):
    bands = mean_parts_by_band(split_latency(calls))
    everything, rest = bands.iloc[0], bands.iloc[1:]
    assert everything["n"] == rest["n"].sum() == 1000
    assert rest["latency_s"].is_monotonic_increasing
    assert np.average(rest["latency_s"], weights=rest["n"]) == pytest.approx(
        everything["latency_s"]
    )


def test_bands_too_small_for_a_call_are_left_out(calls):
    assert mean_parts_by_band(split_latency(calls.head(1)))["n"].gt(0).all()
