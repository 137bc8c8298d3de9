from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.counts import RunCounts
from records.reader import open_run
from records.rows import rows_to_table
from records.schema import STATUSES
from records.segments import write_segment
from tests.records.fakes import call, calls


def counts_of(*slices):
    counts = RunCounts()
    for rows in slices:
        for batch in rows_to_table(rows).to_batches():
            counts.add(batch)
    return counts.to_dict()


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 30) | st.integers(0, 2**63 - 1), st.sampled_from(STATUSES)),
            max_size=20,
        ),
        max_size=5,
    )
)
def test_counts_equal_those_of_plain_python(slices):
    rows = [pair for part in slices for pair in part]
    status = Counter(status for _, status in rows)
    distinct = len({k for k, _ in rows})
    found = counts_of(*[[call(k, status=status) for k, status in part] for part in slices])
    assert found == {
        "rows": len(rows),
        "planned": distinct,
        "duplicates": len(rows) - distinct,
        "sent": len(rows) - status["unsent"],
        "with_sent_s": len(rows),
        **{name: status[name] for name in STATUSES},
    }


def test_the_invariants_hold_where_every_arrival_has_one_row():
    found = counts_of(
        calls(3), calls(2, 3, status="unsent", sent_s=None), calls(1, 5, status="failed")
    )
    assert found["planned"] == found["sent"] + found["unsent"] == 6
    assert found["sent"] == found["ok"] + found["failed"] + found["unfinished"] == 4
    assert found["with_sent_s"] == 4


def test_an_arrival_with_two_rows_breaks_the_first_invariant():
    found = counts_of(calls(3), calls(1, first=2))
    assert found["duplicates"] == 1
    assert found["planned"] != found["sent"] + found["unsent"]


def test_a_status_of_no_known_kind_breaks_the_second_invariant():
    found = counts_of(calls(2), calls(1, first=2, status="lost"))
    assert found["sent"] != found["ok"] + found["failed"] + found["unfinished"]


@pytest.mark.parametrize("gap", [1, 1 << 20, (1 << 20) - 1, 1 << 40])
def test_duplicates_are_found_across_batches_and_far_apart(gap):
    first = calls(3)
    far = [call(k * gap) for k in range(3)]
    expected = 6 - len({*range(3), *(k * gap for k in range(3))})
    assert counts_of(first, far)["duplicates"] == expected


def test_a_runs_counts_are_over_all_its_segments(tmp_path):
    write_segment(tmp_path, "a", 0, calls(3))
    write_segment(tmp_path, "b", 0, calls(3, first=2))
    found = open_run(tmp_path).counts()
    assert (found["rows"], found["planned"], found["duplicates"]) == (6, 5, 1)
