import numpy as np
import pandas as pd
import pytest

from analysis.metrics.calls import count_by_status, measured, sent_latencies_s, with_durations


@pytest.fixture
def calls():
    return with_durations(
        pd.DataFrame(
            {
                "phase": ["warm-up", "measured", "measured", "measured", "measured"],
                "status": ["ok", "ok", "failed", "unfinished", "unsent"],
                "intended_s": [0.0, 1.0, 2.0, 3.0, 4.0],
                "sent_s": [0.1, 1.25, 2.0, 3.0, np.nan],
                "received_s": [0.5, 2.0, 2.1, np.nan, np.nan],
            }
        )
    )


def test_latency_counts_from_the_intended_time_not_from_the_send(calls):
    assert calls.loc[1, ["latency_s", "service_latency_s", "lag_s"]].tolist() == [1.0, 0.75, 0.25]


@pytest.mark.parametrize("row", [2, 3], ids=["failed quickly", "never ended"])
def test_a_sent_call_without_a_good_answer_is_infinitely_late(calls, row):
    assert calls.loc[row, ["latency_s", "service_latency_s"]].tolist() == [np.inf, np.inf]


def test_what_was_never_sent_has_no_duration(calls):
    assert calls.loc[4, ["latency_s", "service_latency_s", "lag_s"]].isna().all()


def test_the_phase_is_that_of_the_intended_time(calls):
    assert measured(calls)["intended_s"].tolist() == [1.0, 2.0, 3.0, 4.0]


def test_latencies_come_in_order_of_intended_time_whatever_the_order_of_rows(calls):
    assert sent_latencies_s(calls.iloc[::-1]).tolist() == [0.5, 1.0, np.inf, np.inf]


def test_counts_balance(calls):
    counts = count_by_status(calls)
    assert counts["planned"] == counts["sent"] + counts["unsent"] == 5
    assert counts["sent"] == counts["ok"] + counts["failed"] + counts["unfinished"] == 4
