import json
import os
from itertools import count

import pytest

from records.frames import encode_frame, encode_rows
from records.reader import open_run
from records.writing_loop import write_until_end
from tests.records.fakes import calls


def run_loop(folder, stream, monotonic_s=lambda: 0.0):
    """Feed the bytes to the loop; its error and its reports."""
    rows_in, rows_out = os.pipe()
    reports_in, reports_out = os.pipe()
    os.write(rows_out, stream)
    os.close(rows_out)
    try:
        error = write_until_end(folder, "local", rows_in, reports_out, monotonic_s)
        return error, [json.loads(line) for line in os.read(reports_in, 1 << 16).splitlines()]
    finally:
        for descriptor in (rows_in, reports_in, reports_out):
            os.close(descriptor)


def test_what_is_in_the_pipe_at_its_end_is_written(tmp_path):
    error, reports = run_loop(tmp_path, encode_rows(calls(5)) + encode_frame({"rows_given": 5}))
    assert error is None
    assert reports[-1] == {"rows_written": 5, "segments": 2, "error": None, "ended": True}
    assert open_run(tmp_path).missing_rows == []


def test_a_frame_torn_by_the_generators_death_costs_only_itself(tmp_path):
    run_loop(tmp_path, encode_rows(calls(5)) + encode_rows(calls(5, first=5))[:-7])
    assert open_run(tmp_path).rows == 5


def test_a_segment_is_due_every_few_seconds_even_with_few_rows(tmp_path):
    # One piece a loop: the pipe is read in pieces of 256 KiB, longer than both frames.
    seconds = count(step=11.0)
    run_loop(tmp_path, encode_rows(calls(2)), monotonic_s=lambda: next(seconds))
    assert [segment.rows for segment in open_run(tmp_path).segments] == [2, 0]


def test_an_empty_stream_still_says_how_the_record_ended(tmp_path):
    run_loop(tmp_path, encode_frame({"rows_given": 0}))
    (segment,) = open_run(tmp_path).segments
    assert segment.ending.closed
    assert open_run(tmp_path).missing_rows == []


def test_a_folder_that_is_gone_is_an_error_in_one_line(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    error, reports = run_loop_in_removed(folder)
    assert "cannot write records into" in error
    assert "\n" not in error
    assert reports[-1]["ended"]


def run_loop_in_removed(folder):
    def removing_clock():
        if folder.exists():
            folder.rmdir()
        return 0.0

    return run_loop(folder, encode_rows(calls(1)), monotonic_s=removing_clock)


def fill(descriptor):
    try:
        while True:
            os.write(descriptor, bytes(4096))
    except BlockingIOError:
        return


def test_reports_that_nobody_reads_do_not_keep_the_rows_from_the_disk(tmp_path):
    rows_in, rows_out = os.pipe()
    reports_in, reports_out = os.pipe()
    os.set_blocking(reports_out, False)
    fill(reports_out)
    os.set_blocking(reports_out, True)
    os.write(rows_out, encode_rows(calls(5)))
    os.close(rows_out)
    write_until_end(tmp_path, "local", rows_in, reports_out)
    for descriptor in (rows_in, reports_in, reports_out):
        os.close(descriptor)
    assert open_run(tmp_path).rows == 5


@pytest.mark.parametrize("member", ["local", "node-7_0a1b"])
def test_segments_bear_the_members_name(member, tmp_path):
    rows_in, rows_out = os.pipe()
    os.close(rows_out)
    null = os.open(os.devnull, os.O_WRONLY)
    write_until_end(tmp_path, member, rows_in, null)
    os.close(rows_in)
    os.close(null)
    assert [path.name for path in tmp_path.iterdir()] == [f"calls-{member}-00000.parquet"]
