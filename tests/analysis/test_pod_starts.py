import numpy as np
import pytest

from analysis.metrics.pod_starts import API, OBSERVER, PARTS, by_phase, pod_starts
from tests.replica_rows import STARTED_UNIX_S, ordered, pod_row, scale, start_of
from verdict.replica_view import view_of


def starts(*groups, from_s=0.0, to_s=60.0):
    view = view_of(ordered(scale(-1.0, 0), *groups), STARTED_UNIX_S, ended=True)
    return pod_starts(view.pods, from_s, to_s)


def test_each_phase_takes_from_the_one_before_to_itself():
    (row,) = starts(start_of("a", 1.0, 3.0)).to_dict("records")
    assert [row[part] for part in PARTS] == pytest.approx([0.2, 0.2, 0.6, 1.0])
    assert row["total_s"] == pytest.approx(2.0)
    assert row["created_s"] == pytest.approx(1.0)
    assert row["stamps"] == OBSERVER


def test_the_parts_of_a_pod_add_up_to_its_whole_start(rng):
    table = starts(*(start_of(f"p{n}", t, t + rng.uniform(1, 9)) for n, t in enumerate(range(20))))
    assert table[list(PARTS)].sum(axis=1).to_numpy() == pytest.approx(table["total_s"].to_numpy())


def test_pods_that_ended_starting_before_the_run_are_left_out():
    assert starts(start_of("old", -9.0, -5.0), start_of("new", -1.0, 2.0))["pod"].tolist() == [
        "new"
    ]


def test_pods_come_by_their_creation():
    assert starts(start_of("b", 5.0, 9.0), start_of("a", 6.0, 7.0))["pod"].tolist() == ["b", "a"]


def test_a_pod_that_is_never_ready_has_phases_and_no_whole():
    (row,) = starts([pod_row(1.0, "a", "created"), pod_row(1.5, "a", "scheduled")]).to_dict(
        "records"
    )
    assert row["to_scheduled_s"] == pytest.approx(0.5)
    assert np.isnan(row["to_ready_s"])
    assert np.isnan(row["total_s"])


def test_a_phase_that_nobody_told_counts_to_the_next():
    rows = [row for row in start_of("a", 1.0, 3.0) if row["phase"] != "initialized"]
    (row,) = starts(rows).to_dict("records")
    assert np.isnan(row["to_initialized_s"])
    assert row["to_started_s"] == pytest.approx(0.8)


def test_a_pod_that_was_there_before_the_watch_is_timed_by_the_api():
    rows = [
        pod_row(2.9, "a", phase, said_s=said)
        for phase, said in (("created", -3), ("scheduled", -3), ("started", -1), ("ready", 2))
    ]
    (row,) = starts(rows).to_dict("records")
    assert row["stamps"] == API
    assert row["total_s"] == pytest.approx(5.0)


def test_phases_are_summed_up_over_the_pods_that_got_ready():
    begun = [pod_row(1.0, "z", "created"), pod_row(9.0, "z", "scheduled")]
    table = by_phase(starts(*(start_of(f"p{n}", 1.0, 2.0 + n) for n in range(1, 11)), begun))
    whole = table.iloc[-1]
    assert whole["phase"] == "created to ready"
    assert (whole["n"], whole["p50_s"], whole["p95_s"], whole["max_s"]) == pytest.approx(
        (10, 6.0, 11.0, 11.0)
    )
    assert table["max_s"].iloc[0] == pytest.approx(1.1)
