import math

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.arrow_schema import ARROW_SCHEMA
from records.rows import InvalidRow
from records.schema import COLUMNS, CallRecord
from records.segments import Ending, ending_of, next_segment_number, write_segment
from tests.records.fakes import call, calls

VALUES = {
    "int64": st.integers(-(2**63), 2**63 - 1),
    "int32": st.integers(-(2**31), 2**31 - 1),
    "double": st.floats(),
    "string": st.text(),
}


def values_of(name):
    field = ARROW_SCHEMA.field(name)
    values = VALUES[str(field.type)]
    return st.none() | values if field.nullable else values


ROWS = st.builds(CallRecord, **{name: values_of(name) for name in COLUMNS})


def read(path):
    return [CallRecord(**row) for row in pq.read_table(path).to_pylist()]


def with_comparable_nan(rows):
    return [tuple("nan" if value != value else value for value in row) for row in rows]  # noqa: PLR0124 - the test for NaN


@given(rows=st.lists(ROWS, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_row_comes_back_as_it_was_written(rows, tmp_path):
    path = write_segment(tmp_path, "local", next_segment_number(tmp_path, "local"), rows)
    assert with_comparable_nan(read(path)) == with_comparable_nan(rows)


def test_infinity_none_and_every_script_come_back(tmp_path):
    rows = [
        call(0, detail="Zeitüberschreitung 超时 🕛 \0 \n", received_s=math.inf),
        call(1, sent_s=None, received_s=None, status="unsent", failure_class="lease", code=None),
    ]
    assert read(write_segment(tmp_path, "local", 0, rows)) == rows


def test_the_file_carries_the_schemas_version(tmp_path):
    path = write_segment(tmp_path, "local", 0, calls(1))
    assert pq.read_schema(path).metadata[b"schema_version"] == b"1"


def test_the_ending_is_read_back_from_the_last_segment_only(tmp_path):
    ending = Ending(closed=True, rows_given=3, rows_written=2)
    first = write_segment(tmp_path, "local", 0, calls(2))
    last = write_segment(tmp_path, "local", 1, [], ending)
    assert ending_of(pq.read_metadata(first).metadata) is None
    assert ending_of(pq.read_metadata(last).metadata) == ending


def test_an_existing_segment_is_never_overwritten(tmp_path):
    path = write_segment(tmp_path, "local", 0, calls(2))
    with pytest.raises(FileExistsError):
        write_segment(tmp_path, "local", 0, calls(5))
    assert read(path) == calls(2)


def test_a_row_that_does_not_fit_leaves_no_file(tmp_path):
    with pytest.raises(InvalidRow):
        write_segment(tmp_path, "local", 0, [call(0, code=14)])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], 0),
        (["calls-local-00000.parquet", "calls-local-00004.parquet"], 5),
        (["calls-local-00000.parquet.tmp"], 1),
        (["calls-other-00007.parquet", "manifest.json"], 0),
        (["calls-local-2-00009.parquet"], 0),
    ],
    ids=["empty", "after-a-gap", "after-a-leftover", "others", "longer-name"],
)
def test_numbering_goes_on_after_everything_that_is_there(names, expected, tmp_path):
    for name in names:
        (tmp_path / name).touch()
    assert next_segment_number(tmp_path, "local") == expected
