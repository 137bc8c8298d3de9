import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from records.arrow_schema import ARROW_SCHEMA
from records.manifest import Manifest, write_manifest
from records.reader import open_run
from records.run_folder import NewerSchema, RunFolderError
from records.segments import Ending, write_segment
from records.summary_file import write_summary
from tests.records.fakes import call, calls


@pytest.fixture
def finished(tmp_path):
    """A complete run of two members, three segments of four rows and the endings."""
    folder = tmp_path / "run-1"
    folder.mkdir()
    write_manifest(folder, Manifest(run_id="run-1", started_unix_s=0.0, finished=True))
    write_segment(folder, "a", 0, calls(4, 0, member="a"))
    write_segment(folder, "a", 1, calls(4, 4, member="a"))
    write_segment(folder, "a", 2, [], Ending(closed=True, rows_given=8, rows_written=8))
    write_segment(folder, "b", 0, calls(4, 8, member="b"), Ending(True, 4, 4))
    write_summary(folder, {"verdict": "VALID"})
    return folder


def segment(folder, member, n):
    return folder / f"calls-{member}-{n:05d}.parquet"


def test_a_complete_run_lacks_nothing(finished):
    run = open_run(finished)
    assert run.missing == []
    assert run.rows == 12
    assert run.manifest.run_id == "run-1"
    assert run.summary["verdict"] == "VALID"


def test_rows_come_by_member_then_in_recorded_order(finished):
    rows = open_run(finished).table().to_pylist()
    assert rows == [call(k, member="a" if k < 8 else "b")._asdict() for k in range(12)]


def test_members_segments_are_ordered_by_number_beyond_five_digits(tmp_path):
    write_segment(tmp_path, "a", 100_000, calls(1, 1))
    write_segment(tmp_path, "a", 99_999, calls(1, 0))
    assert open_run(tmp_path).table(["k"])["k"].to_pylist() == [0, 1]


@pytest.mark.parametrize("columns", [["k"], ["received_s", "k"], ["status", "detail", "phase"]])
def test_only_the_columns_asked_for_come_in_the_order_asked_for(columns, finished):
    table = open_run(finished).table(columns)
    assert table.column_names == columns
    assert table.num_rows == 12


def test_batches_hold_at_most_the_rows_asked_for(finished):
    sizes = [batch.num_rows for batch in open_run(finished).batches(rows=3)]
    assert max(sizes) <= 3
    assert sum(sizes) == 12


def test_batches_have_the_schemas_types(finished):
    for batch in open_run(finished).batches():
        assert batch.schema.equals(ARROW_SCHEMA)


def test_a_run_without_rows_is_an_empty_table(tmp_path):
    write_segment(tmp_path, "a", 0, [], Ending(True, 0, 0))
    assert open_run(tmp_path).table().num_rows == 0
    assert open_run(tmp_path).table().schema.equals(ARROW_SCHEMA)


def test_an_unknown_column_is_refused_with_those_that_exist(finished):
    with pytest.raises(RunFolderError, match=r"intended_s.*not \['latency'\]"):
        open_run(finished).table(["k", "latency"])


@pytest.mark.parametrize("make", ["nothing", "file", "empty", "other"])
def test_what_is_no_run_folder_is_refused_in_one_line(make, tmp_path):
    path = tmp_path / "run"
    if make == "file":
        path.touch()
    elif make != "nothing":
        path.mkdir()
    if make == "other":
        (path / "notes.txt").touch()
    with pytest.raises(RunFolderError, match="is no run folder") as refused:
        open_run(path)
    assert "\n" not in str(refused.value)


def test_a_newer_manifest_is_refused_in_one_line(finished):
    path = finished / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema_version": 7}))
    with pytest.raises(NewerSchema, match="version 7; this program reads up to 1") as newer:
        open_run(finished)
    assert "\n" not in str(newer.value)


def test_a_newer_segment_is_refused_in_one_line(finished):
    path = segment(finished, "a", 0)
    table = pq.read_table(path).replace_schema_metadata({"schema_version": "2"})
    pq.write_table(table, path)
    with pytest.raises(NewerSchema, match=r"calls-a-00000\.parquet has schema version 2"):
        open_run(finished)


def test_a_gap_in_the_segments_is_named(finished):
    segment(finished, "a", 1).unlink()
    assert open_run(finished).missing == [
        "member a: segments 1 are missing",
        "member a: 4 rows are here of 8",
    ]


def test_a_missing_first_segment_is_a_gap_too(finished):
    segment(finished, "a", 0).unlink()
    assert "member a: segments 0 are missing" in open_run(finished).missing


def test_a_missing_last_segment_is_named(finished):
    segment(finished, "a", 2).unlink()
    (sentence,) = open_run(finished).missing
    assert "member a: the last segment is missing" in sentence


def test_a_leftover_temporary_file_is_named(finished):
    (finished / "calls-a-00003.parquet.tmp").write_bytes(b"half")
    (sentence,) = open_run(finished).missing
    assert "calls-a-00003.parquet.tmp was left unfinished" in sentence


@pytest.mark.parametrize("keep", [0, 3, 200, -8], ids=["empty", "magic", "half", "no-footer"])
def test_a_cut_segment_is_named_and_the_others_are_read(keep, finished):
    path = segment(finished, "a", 1)
    path.write_bytes(path.read_bytes()[:keep])
    run = open_run(finished)
    assert any("calls-a-00001.parquet cannot be read" in sentence for sentence in run.missing)
    assert all("\n" not in sentence for sentence in run.missing)
    assert run.table(["k"])["k"].to_pylist() == [0, 1, 2, 3, 8, 9, 10, 11]


@pytest.mark.parametrize("from_the_end", range(1, 9))
def test_a_flipped_bit_inside_a_segment_is_an_error_not_a_wrong_number(from_the_end, finished):
    path = segment(finished, "a", 1)
    data = bytearray(path.read_bytes())
    chunk = pq.read_metadata(path).row_group(0).column(5)
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    data[start + chunk.total_compressed_size - from_the_end] ^= 0x10
    path.write_bytes(data)
    with pytest.raises(RunFolderError, match=r"calls-a-00001\.parquet is damaged") as damaged:
        open_run(finished).table()
    assert "\n" not in str(damaged.value)


def test_a_segment_that_is_a_link_is_not_followed(finished, tmp_path):
    elsewhere = tmp_path / "elsewhere.parquet"
    segment(finished, "a", 1).rename(elsewhere)
    segment(finished, "a", 1).symlink_to(elsewhere)
    run = open_run(finished)
    assert any("links are not followed" in sentence for sentence in run.missing)
    assert run.rows == 8


def test_a_parquet_file_of_something_else_is_named(finished):
    pq.write_table(pa.table({"x": [1]}), segment(finished, "a", 1))
    run = open_run(finished)
    assert any("has no schema version" in sentence for sentence in run.missing)


def test_a_run_without_summary_or_final_manifest_has_not_ended(finished):
    (finished / "summary.json").unlink()
    write_manifest(finished, Manifest(run_id="run-1", started_unix_s=0.0))
    run = open_run(finished)
    assert run.missing_rows == []
    assert run.missing == [
        "manifest.json does not say that the run has finished",
        "summary.json is not there: the run has not ended, or was killed",
    ]


def test_a_workers_folder_without_manifest_opens_and_says_so_when_asked(finished):
    (finished / "manifest.json").unlink()
    run = open_run(finished)
    assert run.rows == 12
    assert any("manifest.json is not there" in sentence for sentence in run.missing)
    with pytest.raises(RunFolderError, match="is not there"):
        run.manifest  # noqa: B018 - reading it is the test


def test_rows_beyond_those_given_are_said_too(finished):
    write_segment(finished, "b", 1, calls(2, 12), Ending(True, 2, 2))
    assert "member b: 6 rows are here of 2" in open_run(finished).missing
