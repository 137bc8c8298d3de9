import numpy as np
import pandas as pd
import pytest

from analysis.metrics.calls import with_durations
from analysis.metrics.cold import by_kind, with_cold
from tests.replica_rows import STARTED_UNIX_S, ordered, scale, start_of
from verdict.replica_view import view_of


def calls_of(*rows):
    """From (sent, received, status, instance_seq, pod)."""
    names = ["intended_s", "received_s", "status", "instance_seq", "pod"]
    frame = pd.DataFrame(rows, columns=names).assign(worker_wall_s=0.1, ideal_s=0.1)
    sent_s = frame["intended_s"].where(frame["status"].ne("unsent"))
    return with_durations(frame.assign(sent_s=sent_s, pod=frame["pod"].astype("category")))


def view(*groups, ended=True):
    return view_of(ordered(*groups), STARTED_UNIX_S, ended=ended)


# From zero: one pod, ready 3 s after the first call; another one started ahead of need.
CALLS = calls_of(
    (0.0, 3.2, "ok", 1, "a"),
    (1.0, 3.3, "ok", 2, "a"),
    (2.0, 3.4, "ok", 3, "a"),
    (5.0, 5.11, "ok", 1, "b"),
    (6.0, 6.11, "ok", 4, "a"),
    (7.0, 7.5, "failed", None, None),
    (1.5, 6.5, "failed", None, None),
    (8.0, None, "unsent", None, None),
)
SEEN = view(scale(-1.0, 0), start_of("a", 0.1, 3.0), start_of("b", 3.1, 4.9))


def test_the_two_columns_are_two_facts():
    calls = with_cold(CALLS, SEEN, 10.0)
    assert calls["first_on_instance"].tolist() == [
        True, False, False, True, False, pd.NA, pd.NA, pd.NA,
    ]  # fmt: skip
    assert calls["cold_affected"].tolist() == [
        True, True, True, False, False, False, pd.NA, pd.NA,
    ]  # fmt: skip


def test_where_nobody_watched_it_is_not_known_who_waited_for_pods():
    calls = with_cold(CALLS, None, 10.0)
    assert calls["cold_affected"].isna().all()
    assert calls["first_on_instance"].sum() == 2


def test_calls_outside_the_watch_are_unknown():
    cut_off = view(scale(0.5, 1), start_of("a", 0.6, 3.0), ended=False)
    known = with_cold(CALLS, cut_off, 10.0)["cold_affected"].notna()
    assert known.tolist() == [False, True, True, False, False, False, False, False]


def test_cold_and_warm_calls_are_summed_up_apart():
    table = by_kind(with_cold(CALLS, SEEN, 10.0)).set_index("kind")
    assert table["sent"].to_dict() == {
        "warm": 3, "cold-affected": 3, "unknown": 1, "first on an instance": 2,
    }  # fmt: skip
    assert table.loc["cold-affected", "p50_s"] == pytest.approx(2.3)
    assert table.loc["warm", "p50_s"] == pytest.approx(0.11)
    assert table.loc["warm", "p99_s"] == np.inf
    assert table.loc["warm", "ok"] == 2
    assert table.loc["cold-affected", "share"] == pytest.approx(3 / 7)


def test_a_kind_without_calls_has_no_latency():
    table = by_kind(with_cold(CALLS, None, 10.0)).set_index("kind")
    assert table.loc["cold-affected", "sent"] == 0
    assert np.isnan(table.loc["cold-affected", "p50_s"])
