import numpy as np

from records.completeness import missing_rows, scan_segments
from records.inherited import record_rest
from records.reader import open_run
from records.segments import Ending, write_segment
from tests.records.fakes import call
from tests.slot_rows import MEMBER, METHOD, slots_of


def rows_of(*numbers):
    return [call(k, member=MEMBER) for k in numbers]


def rest(folder, *numbers):
    slots, texts = slots_of(rows_of(*numbers))
    return record_rest(folder, MEMBER, slots, texts, method=METHOD, warm_up_s=0.0)


def test_a_record_whose_generator_died_is_whole_with_the_rest(tmp_path):
    write_segment(tmp_path, MEMBER, 0, rows_of(0, 1, 3))
    write_segment(tmp_path, MEMBER, 1, [], Ending(closed=False, rows_given=None, rows_written=3))
    assert missing_rows(tmp_path, scan_segments(tmp_path)) != []
    assert rest(tmp_path, 1, 2, 3, 4) == 2
    assert missing_rows(tmp_path, scan_segments(tmp_path)) == []
    k = open_run(tmp_path).table(["k"]).column("k").to_numpy()
    assert np.sort(k).tolist() == [0, 1, 2, 3, 4]


def test_rows_of_other_members_are_none_of_its(tmp_path):
    write_segment(tmp_path, "another", 0, [call(1, member="another")], Ending(True, 1, 1))
    assert rest(tmp_path, 1) == 1


def test_rows_that_are_lost_for_good_are_missing_in_a_record_that_was_completed(tmp_path):
    slots, texts = slots_of(rows_of(0, 1))
    record_rest(tmp_path, MEMBER, slots, texts, method=METHOD, warm_up_s=0.0, rows_lost=3)
    assert missing_rows(tmp_path, scan_segments(tmp_path)) == [
        f"member {MEMBER}: 2 rows are here of 5"
    ]


def test_without_anything_earlier_the_rest_is_all(tmp_path):
    assert rest(tmp_path, 0, 1) == 2
    assert missing_rows(tmp_path, scan_segments(tmp_path)) == []


def test_a_rest_of_nothing_closes_the_record(tmp_path):
    assert rest(tmp_path) == 0
    assert missing_rows(tmp_path, scan_segments(tmp_path)) == []
