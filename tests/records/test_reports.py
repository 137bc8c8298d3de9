import os

import pytest

from records.reports import ReportReader, WriterReport, send_report


@pytest.fixture
def ends():
    read_fd, write_fd = os.pipe()
    os.set_blocking(write_fd, False)
    reader = ReportReader(read_fd)
    yield reader, write_fd
    reader.close()
    try:
        os.close(write_fd)
    except OSError:
        return  # the test closed it


def test_the_latest_report_is_the_state(ends):
    reader, write_fd = ends
    send_report(write_fd, WriterReport(rows_written=1, segments=1))
    send_report(write_fd, WriterReport(rows_written=5, segments=2, error="disk full", ended=True))
    assert reader.poll() == WriterReport(5, 2, "disk full", ended=True)


def test_nothing_said_yet_is_nothing_written(ends):
    reader, _ = ends
    assert reader.poll() == WriterReport()
    assert reader.is_open


def test_a_line_that_arrives_in_two_pieces_counts_when_it_is_whole(ends):
    reader, write_fd = ends
    line = b'{"rows_written": 7, "segments": 1, "error": null, "ended": false}\n'
    os.write(write_fd, line[:20])
    assert reader.poll().rows_written == 0
    os.write(write_fd, line[20:])
    assert reader.poll().rows_written == 7


def test_the_writers_end_is_seen(ends):
    reader, write_fd = ends
    os.close(write_fd)
    reader.poll()
    assert not reader.is_open


def test_a_writer_whose_reports_nobody_reads_does_not_block_or_fail(ends):
    reader, write_fd = ends
    for rows in range(3000):
        send_report(write_fd, WriterReport(rows_written=rows))
    assert 0 < reader.poll().rows_written < 3000
    send_report(write_fd, WriterReport(rows_written=3000))
    assert reader.poll().rows_written == 3000


def test_a_writer_whose_generator_is_gone_does_not_fail(ends):
    reader, write_fd = ends
    reader.close()
    send_report(write_fd, WriterReport(rows_written=1))


def test_an_endless_error_is_cut_so_that_its_line_goes_through_whole(ends):
    reader, write_fd = ends
    send_report(write_fd, WriterReport(error="x" * 100_000))
    assert reader.poll().error == "x" * 500
