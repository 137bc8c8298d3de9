import struct

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.engine import ring as ring_module
from grpc_user.engine.ring import SLOT_BYTES, RingReader, RingWriter, mapped, new_memory
from grpc_user.engine.rows import Rows
from grpc_user.engine.texts import LEFT_OUT, TextReader, TextWriter
from grpc_user.engine.words import Whole, Words
from records.slots import ENDED, NO_TEXT, SENT, TEXT

NUMBERED = struct.Struct(f"<B7xq{SLOT_BYTES - 16}x")


class Ring:
    """Both ends, each with a mapping of its own."""

    def __init__(self, slots):
        ours = new_memory(slots)
        theirs = mapped(ours.fd)
        self.words = Words(theirs.memory)
        self.writer = RingWriter(ours, Words(ours.memory))
        self.reader = RingReader(theirs, Words(theirs.memory))

    @property
    def kept(self):
        """What the reader is told of slots that the ring has no room for."""
        return self.words.whole[Whole.KEPT]


@given(
    st.integers(1, 9), st.lists(st.sampled_from(["put", "publish", "read", "commit"]), max_size=200)
)
def test_whatever_the_order_of_steps_all_slots_arrive_once_and_in_order(slots, steps):
    ring, put, read = Ring(slots), 0, []
    for step in [*steps, *["publish", "read", "commit"] * (1 + len(steps))]:
        if step == "put":
            ring.writer.put(NUMBERED, SENT, put)
            put += 1
        elif step == "publish":
            ring.writer.publish()
        elif step == "read":
            read += ring.reader.read()["k"].tolist()
        else:
            ring.reader.commit(ring.reader.at)
    assert read == list(range(put))
    assert ring.writer.kept == 0


@given(st.integers(1, 9), st.integers(0, 40), st.integers(1, 4))
def test_a_reader_that_finds_nothing_kept_before_it_reads_has_read_all(slots, count, most):
    ring, read = Ring(slots), []
    for k in range(count):
        ring.writer.put(NUMBERED, SENT, k)
    ring.writer.publish()
    is_all = False
    while not is_all:
        keeps = ring.kept
        while len(new := ring.reader.read(most)):
            read += new["k"].tolist()
        is_all = keeps == 0
        ring.reader.commit(ring.reader.at)
        ring.writer.publish()
    assert read == list(range(count))


def test_kept_slots_take_no_place_that_is_not_given_back():
    ring = Ring(4)
    for k in range(10):
        ring.writer.put(NUMBERED, SENT, k)
    ring.writer.publish()
    assert ring.reader.read(1)["k"].tolist() == [0]
    ring.reader.commit(1)
    ring.writer.publish()
    assert ring.reader.read()["k"].tolist() == [1, 2, 3, 4]
    assert ring.kept == 5


def test_only_so_many_kept_slots_move_at_once(monkeypatch):
    monkeypatch.setattr(ring_module, "MOST_MOVED", 3)
    ring = Ring(10)
    for k in range(20):
        ring.writer.put(NUMBERED, SENT, k)
    ring.writer.publish()
    ring.reader.read()
    ring.reader.commit(ring.reader.at)
    ring.writer.publish()
    assert (len(ring.reader.read()), ring.kept) == (3, 7)


def test_what_was_read_and_not_committed_is_still_there():
    ring = Ring(4)
    for k in range(3):
        ring.writer.put(NUMBERED, SENT, k)
    ring.writer.publish()
    first = ring.reader.read()
    for k in range(3, 6):
        ring.writer.put(NUMBERED, SENT, k)
    ring.writer.publish()
    assert first["k"].tolist() == [0, 1, 2]
    assert ring.reader.read()["k"].tolist() == [3]
    assert ring.writer.take_kept()["k"].tolist() == [4, 5]


@given(st.lists(st.text(max_size=400), max_size=20))
def test_each_text_is_told_once_before_it_is_named(texts):
    ring = Ring(1 << 10)
    writer, reader = TextWriter(ring.writer), TextReader()
    numbers = [writer.number(text) for text in texts]
    ring.writer.publish()
    slots = ring.reader.read()
    reader.take(slots[slots["kind"] == TEXT])
    repaired = [text.encode(errors="replace").decode() for text in texts]
    assert [reader.texts[number] for number in numbers] == repaired
    assert len(reader.texts) == len(set(texts))


def test_no_text_has_no_number():
    assert TextWriter(Ring(4).writer).number(None) == NO_TEXT


def test_more_different_texts_than_memory_is_for_are_left_out_and_say_so():
    ring = Ring(64)
    writer, reader = TextWriter(ring.writer, most=2), TextReader()
    numbers = [writer.number(text) for text in ("a", "b", "c", "d", "a")]
    ring.writer.publish()
    reader.take(ring.reader.read())
    assert [reader.texts[number] for number in numbers] == ["a", "b", LEFT_OUT, LEFT_OUT, "a"]


def test_a_row_lies_in_its_slot_field_by_field():
    ring = Ring(16)
    rows = Rows(ring.writer)
    rows.sent(5, 1.25, 1.5)
    rows.ended(
        5,
        1.25,
        1.5,
        2.0,
        0.1,
        status=1,
        reason="reset",
        code="UNAVAILABLE",
        detail="gone",
        http_status=503,
        channel=3,
        request_bytes=12,
        reply_bytes=0,
    )
    rows.unsent(6, 1.75, "late")
    ring.writer.publish()
    slots = ring.reader.read()
    sent, ended, unsent = slots[np.isin(slots["kind"], (SENT, ENDED))]
    assert (sent["k"], sent["intended_s"], sent["sent_s"]) == (5, 1.25, 1.5)
    assert [ended[name] for name in ("k", "intended_s", "sent_s", "received_s", "spin_s")] == [
        *(5, 1.25, 1.5, 2.0, 0.1)
    ]
    assert [ended[name] for name in ("http_status", "channel", "request_bytes", "reply_bytes")] == [
        *(503, 3, 12, 0)
    ]
    assert (ended["code"], ended["detail"], ended["pod"]) == (0, 1, NO_TEXT)
    assert (unsent["k"], unsent["intended_s"], unsent["status"]) == (6, 1.75, 3)
    assert np.isnan(unsent["sent_s"])
    assert unsent["instance_seq"] == unsent["reply_bytes"] == unsent["detail"] == -1
