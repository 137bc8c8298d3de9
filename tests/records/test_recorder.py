import pytest

from records.reader import open_run
from records.recorder import Recorder
from records.reports import WriterReport
from records.slot_batches import frames_of
from tests.records.fakes import call, calls
from tests.slot_rows import slots_of


@pytest.fixture
def reports():
    return []


@pytest.fixture
def recorder(tmp_path, reports):
    return Recorder(tmp_path, "local", reports.append, segment_rows=10)


def k_of(folder):
    return open_run(folder).table(["k"])["k"].to_pylist()


def test_a_segment_is_written_when_its_rows_are_together(recorder, reports):
    recorder.take(calls(9))
    assert reports == []
    recorder.take(calls(1, first=9))
    assert reports == [WriterReport(rows_written=10, segments=1)]


def test_the_end_writes_the_rest_and_says_that_it_was_closed(recorder, reports, tmp_path):
    recorder.take(calls(3))
    recorder.take({"rows_given": 3})
    recorder.end()
    assert reports[-1] == WriterReport(rows_written=3, segments=2, ended=True)
    assert k_of(tmp_path) == [0, 1, 2]
    assert open_run(tmp_path).missing_rows == []


def test_an_end_without_a_last_word_is_told_to_the_reader(recorder, tmp_path):
    recorder.take(calls(3))
    recorder.end()
    (sentence,) = open_run(tmp_path).missing_rows
    assert "ended without closing its record" in sentence


def test_a_row_that_does_not_fit_is_reported_and_the_others_are_written(
    recorder, reports, tmp_path
):
    recorder.take([call(0), call(1, code=14), call(2)])
    recorder.take({"rows_given": 3})
    recorder.end()
    assert k_of(tmp_path) == [0, 2]
    assert "code must be a plain string, not int 14" in reports[-1].error
    assert open_run(tmp_path).missing_rows == ["member local: 2 rows are here of 3"]


def test_the_first_error_stays_for_it_is_the_cause_of_the_others(recorder, reports):
    recorder.take([call(0, code=14)])
    recorder.write_pending()
    recorder.fail("disk full")
    assert "code must be" in reports[-1].error
    assert reports[-1].ended


def test_nothing_pending_writes_no_file(recorder, tmp_path):
    recorder.write_pending()
    assert list(tmp_path.iterdir()) == []


def test_a_member_that_records_again_leaves_its_earlier_segments_alone(tmp_path):
    for first in (0, 5):
        recorder = Recorder(tmp_path, "local", lambda report: None)
        recorder.take(calls(5, first))
        recorder.write_pending()
    assert k_of(tmp_path) == list(range(10))


def frame(records):
    slots, texts = slots_of(records)
    (one,) = frames_of(slots, texts, method="/spin.v1.Spinner/Spin", warm_up_s=0.0)
    return tuple(one)


def test_slots_and_rows_end_in_the_same_segments(recorder, reports, tmp_path):
    recorder.take(calls(4))
    recorder.take(frame(calls(6, first=4)))
    assert reports == [WriterReport(rows_written=10, segments=1)]
    assert k_of(tmp_path) == list(range(10))


def test_a_row_that_does_not_fit_costs_no_slots(recorder, reports, tmp_path):
    recorder.take([call(0, code=7)])
    recorder.take(frame(calls(2, first=1)))
    recorder.end()
    assert k_of(tmp_path) == [1, 2]
    assert "code" in reports[-1].error
