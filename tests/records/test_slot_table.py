import pyarrow as pa
import pytest
from hypothesis import given, settings

from records.rows import rows_to_table
from records.slot_batches import FRAME_SLOTS, frames_of, slots_in
from records.slot_table import frame_to_table
from tests.records.fakes import call, calls
from tests.slot_rows import MEMBER, METHOD, WARM_UP_S, many_rows, slots_of


def table_of(records):
    slots, texts = slots_of(records)
    frames = frames_of(slots, texts, method=METHOD, warm_up_s=WARM_UP_S)
    return pa.concat_tables(
        [rows_to_table([]), *(frame_to_table(frame, MEMBER) for frame in frames)]
    )


@settings(max_examples=60, deadline=None)
@given(many_rows())
def test_slots_make_the_same_rows_as_records_one_by_one(records):
    assert table_of(records).to_pylist() == rows_to_table(records).to_pylist()


def test_a_frame_holds_only_the_texts_that_it_names():
    records = [call(0, pod="one"), call(1, pod="two")]
    slots, texts = slots_of(records)
    (frame,) = frames_of(slots[1:], texts, method=METHOD, warm_up_s=0.0)
    assert set(frame.texts) == {"OK", "6f1b", "two"}
    assert frame_to_table(frame, MEMBER)["pod"].to_pylist() == ["two"]


def test_what_is_cut_into_frames_stays_as_it_was():
    slots, texts = slots_of([call(0, pod="one"), call(1, pod="two")])
    before = slots.tobytes()
    list(frames_of(slots[1:], texts, method=METHOD, warm_up_s=0.0))
    assert slots.tobytes() == before


@pytest.mark.parametrize(
    ("rows", "lengths"), [(0, []), (FRAME_SLOTS, [1000]), (FRAME_SLOTS + 1, [1000, 1])]
)
def test_no_frame_is_longer_than_what_a_pipe_takes_at_once(rows, lengths):
    slots, texts = slots_of(calls(rows))
    frames = frames_of(slots, texts, method=METHOD, warm_up_s=0.0)
    assert [len(slots_in(frame)) for frame in frames] == lengths


def test_a_text_that_utf_8_cannot_hold_is_repaired():
    (table,) = [table_of([call(intended_s=3.0, detail="half \ud800")])]
    assert table["detail"].to_pylist() == ["half ?"]
