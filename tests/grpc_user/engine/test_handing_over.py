import struct

from hypothesis import given
from hypothesis import strategies as st

from grpc_user.engine.handing_over import HandingOver
from grpc_user.engine.ring import SLOT_BYTES, RingReader, RingWriter, new_memory
from grpc_user.engine.words import Whole, Words
from records.slots import SENT

NUMBERED = struct.Struct(f"<B7xq{SLOT_BYTES - 16}x")


def test_a_batch_is_safe_when_its_last_byte_has_passed():
    handing = HandingOver()
    handing.note(5, 100)
    handing.note(9, 250)
    assert handing.take_safe(99) is None
    assert handing.take_safe(249) == 5
    assert handing.take_safe(250) == 9
    assert handing.take_safe(250) is None


def test_a_batch_without_rows_is_safe_with_the_one_before_it():
    handing = HandingOver()
    handing.note(5, 100)
    handing.note(7, 100)
    assert handing.take_safe(99) is None
    assert handing.take_safe(100) == 7


def test_all_may_be_taken_at_once():
    handing = HandingOver()
    assert handing.take_all() is None
    handing.note(5, 100)
    handing.note(9, 250)
    assert handing.take_all() == 9
    assert handing.take_safe(1000) is None


class Line:
    """An engine's ring, the hub's memory, the writer's pipe and the writer, a byte for each row."""

    def __init__(self, slots):
        shared = new_memory(slots)
        self.words = Words(shared.memory)
        self.writer, self.reader = RingWriter(shared, self.words), RingReader(shared, self.words)
        self.shared, self.handing = shared, HandingOver()
        self.put_count, self.given, self.passed = 0, [], 0

    def put(self):
        self.writer.put(NUMBERED, SENT, self.put_count)
        self.put_count += 1

    def publish(self):
        self.writer.publish()

    def read(self):
        self.given += self.reader.read(2)["k"].tolist()
        self.handing.note(self.reader.at, len(self.given))

    def pass_on(self):
        """The pipe takes one more row."""
        self.passed = min(self.passed + 1, len(self.given))

    def commit(self):
        upto = self.handing.take_safe(self.passed)
        if upto is not None:
            self.reader.commit(upto)

    def left_by_a_dead_hub(self):
        """What the engine records when the hub dies now: of the ring, and what it keeps."""
        in_ring = RingReader(self.shared, self.words, self.words.whole[Whole.COMMITTED]).read()
        return in_ring["k"].tolist() + self.writer.take_kept()["k"].tolist()


STEPS = st.lists(
    st.sampled_from(
        [Line.put, Line.put, Line.put, Line.publish, Line.read, Line.pass_on, Line.commit]
    ),
    max_size=150,
)


@given(st.integers(1, 7), STEPS)
def test_whatever_the_order_of_steps_the_writer_gets_each_row_once_and_in_order(slots, steps):
    line = Line(slots)
    ending = [Line.publish, Line.read, Line.pass_on, Line.pass_on, Line.commit]
    for step in steps + ending * (1 + len(steps)):
        step(line)
    assert line.given[: line.passed] == list(range(line.put_count))
    assert line.words.whole[Whole.KEPT] == 0


@given(st.integers(1, 7), STEPS)
def test_whenever_the_hub_dies_pipe_and_engine_together_hold_every_row(slots, steps):
    line = Line(slots)
    for step in steps:
        step(line)
    line.publish()
    held = {*line.given[: line.passed], *line.left_by_a_dead_hub()}
    assert held == set(range(line.put_count))
