import marshal
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.frames import FrameReader, encode_frame, encode_rows
from tests.records.fakes import calls

VALUES = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text()
PAYLOADS = st.lists(st.lists(st.tuples(VALUES, VALUES)) | st.dictionaries(st.text(), VALUES))


def pieces_of(stream, cuts):
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[start:end] for start, end in pairwise(edges)]


@given(PAYLOADS, st.lists(st.integers(0, 10**6)))
def test_payloads_come_out_as_they_went_in_however_the_stream_is_cut(payloads, cuts):
    stream = b"".join(map(encode_frame, payloads))
    reader = FrameReader()
    read = [payload for piece in pieces_of(stream, cuts) for payload in reader.feed(piece)]
    assert read == payloads
    assert reader.torn_bytes == 0


@given(st.integers(0, 10**6))
def test_a_stream_that_ends_anywhere_gives_its_whole_frames_and_counts_the_rest(cut):
    frames = [encode_rows(calls(3, first)) for first in (0, 3, 6)]
    ends = list(accumulate(map(len, frames)))
    stream = b"".join(frames)[: cut % (ends[-1] + 1)]
    reader = FrameReader()
    read = list(reader.feed(stream))
    assert len(read) == sum(end <= len(stream) for end in ends)
    assert reader.torn_bytes == len(stream) - max((e for e in ends if e <= len(stream)), default=0)


def test_rows_arrive_as_plain_tuples_equal_to_the_records():
    (rows,) = FrameReader().feed(encode_rows(calls(2)))
    assert rows == calls(2)
    assert type(rows[0]) is tuple


def test_a_value_that_is_not_plain_is_refused_by_the_encoder():
    with pytest.raises(ValueError, match="unmarshallable"):
        encode_rows([(1, ValueError("no text"))])


def test_texts_that_repeat_are_sent_once():
    method = "/a.long.package.name.Service/Method" * 3
    rows = [(k, method) for k in range(100)]
    assert len(encode_rows(rows)) < 100 * len(method) / 5
    assert marshal.loads(encode_rows(rows)[4:]) == rows  # noqa: S302 - made in the line above
