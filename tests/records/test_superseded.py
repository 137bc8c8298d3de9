"""An arrival noted down as unsent by one member and sent by another was sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import superseded
from records.reader import open_run
from records.run_folder import RunFolderError
from records.schema import FAILURE_CLASSES, OPEN_REASONS, UNSENT_REASONS
from records.segments import write_segment
from tests.records.fakes import call, calls


def unsent(k, reason, **changes):
    return call(k, status="unsent", sent_s=None, failure_class=reason, **changes)


def rows_of(folder, *members):
    for number, rows in enumerate(members):
        write_segment(folder, f"w{number}", 0, rows)
    return open_run(folder)


def pairs(run):
    table = run.table(["k", "status"])
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


@pytest.mark.parametrize("reason", OPEN_REASONS)
@pytest.mark.parametrize("order", ["sent-first", "unsent-first"])
def test_a_sent_row_supersedes_an_unsent_one_of_an_open_reason(tmp_path, reason, order):
    members = [calls(3), [unsent(1, reason)]]
    run = rows_of(tmp_path, *(members if order == "sent-first" else reversed(members)))
    assert sorted(pairs(run)) == [(0, "ok"), (1, "ok"), (2, "ok")]
    assert run.counts()["duplicates"] == 0
    assert run.counts()["superseded"] == 1


@pytest.mark.parametrize("reason", sorted({*UNSENT_REASONS} - {*OPEN_REASONS}))
def test_a_reason_that_says_it_was_ours_to_send_supersedes_and_is_not_superseded(tmp_path, reason):
    run = rows_of(tmp_path, [unsent(0, reason)], [unsent(0, "lease")])
    assert run.table(["failure_class"]).column(0).to_pylist() == [reason]


def test_an_arrival_sent_twice_stays_visible(tmp_path):
    run = rows_of(tmp_path, calls(2), [call(1), unsent(1, "lease")])
    assert run.counts()["duplicates"] == 1
    assert run.counts()["sent"] == 3


def test_of_open_reasons_alone_one_row_counts(tmp_path):
    run = rows_of(tmp_path, [unsent(4, "lease")], [unsent(4, "no-master")], [call(0)])
    assert pairs(run) == [(4, "unsent"), (0, "ok")]


def test_reading_twice_gives_the_same_rows(tmp_path):
    run = rows_of(tmp_path, [unsent(4, "lease")], [unsent(4, "no-master"), call(0)])
    assert pairs(run) == pairs(run)


def test_only_the_columns_that_were_asked_for_come_back(tmp_path):
    run = rows_of(tmp_path, calls(2), [unsent(1, "lease")])
    assert run.table(["intended_s"]).column_names == ["intended_s"]
    assert run.table(["intended_s"]).num_rows == 2


ROWS = st.tuples(st.integers(0, 12), st.sampled_from([None, *OPEN_REASONS, "stopped", "deadline"]))


@given(st.lists(st.lists(ROWS, max_size=12), min_size=1, max_size=4))
def test_what_counts_equals_a_plain_definition(tmp_path_factory, members):
    folder = tmp_path_factory.mktemp("run")
    run = rows_of(
        folder,
        *(
            [
                unsent(k, reason) if reason in OPEN_REASONS else call(k, failure_class=reason)
                for k, reason in rows
            ]
            for rows in members
        ),
    )
    every = [row for rows in members for row in rows]
    firm = [k for k, reason in every if reason not in OPEN_REASONS]
    open_only = {k for k, reason in every if reason in OPEN_REASONS} - set(firm)
    assert sorted(run.table(["k"]).column(0).to_pylist()) == sorted([*firm, *open_only])


def test_no_failure_class_of_a_sent_call_has_the_name_of_an_open_reason():
    assert not {*FAILURE_CLASSES} & {*OPEN_REASONS}


@pytest.mark.parametrize("failures", [None, "app", "stopped"], ids=["none", "below", "above"])
def test_a_run_without_such_rows_is_not_read_for_them(tmp_path, failures, monkeypatch):
    run = rows_of(tmp_path, calls(3, failure_class=failures))
    monkeypatch.setattr(superseded, "has_open_reason", None)
    assert run.counts()["rows"] == 3


def test_a_damaged_segment_is_an_error_in_one_line(tmp_path):
    run = rows_of(tmp_path, calls(2), [unsent(1, "lease")])
    path = tmp_path / "calls-w1-00000.parquet"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(RunFolderError, match="damaged") as damaged:
        run.counts()
    assert "\n" not in str(damaged.value)
