import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.outbox import MOST_BYTES_A_TURN, Outbox


class Pipe:
    """A real pipe, its read end in the test's hands."""

    def __init__(self, capacity_bytes):
        self.read_fd, write_fd = os.pipe()
        os.set_blocking(self.read_fd, False)
        self.outbox = Outbox(write_fd, capacity_bytes)
        self.is_read = True

    def read(self):
        try:
            return os.read(self.read_fd, 1 << 22)
        except BlockingIOError:
            return b""

    def stop_reading(self):
        if self.is_read:
            self.is_read = False
            os.close(self.read_fd)


@pytest.fixture
def pipe():
    pipe = Pipe(capacity_bytes=8 << 20)
    yield pipe
    pipe.outbox.close()
    pipe.stop_reading()


def fill(pipe):
    while pipe.outbox.waiting_bytes == 0:
        pipe.outbox.put(bytes(MOST_BYTES_A_TURN // 2))
        pipe.outbox.push()


def test_a_frame_goes_straight_through_an_empty_pipe(pipe):
    assert pipe.outbox.put(b"frame")
    pipe.outbox.push()
    assert pipe.read() == b"frame"
    assert pipe.outbox.waiting_bytes == 0


def test_a_full_pipe_does_not_block_and_keeps_what_it_was_given(pipe):
    fill(pipe)
    waiting = pipe.outbox.waiting_bytes
    pipe.outbox.put(b"kept")
    pipe.outbox.push()
    assert pipe.outbox.waiting_bytes == waiting + 4


def test_beyond_its_capacity_a_frame_is_refused_and_earlier_ones_stay(pipe):
    fill(pipe)
    while pipe.outbox.put(bytes(1 << 20)):
        pass
    waiting = pipe.outbox.waiting_bytes
    assert (7 << 20) < waiting <= (8 << 20)
    assert not pipe.outbox.put(bytes(1 << 20))
    assert pipe.outbox.waiting_bytes == waiting


@given(frames=st.lists(st.binary(max_size=300_000), max_size=12), pushes=st.integers(1, 4))
def test_every_byte_arrives_in_order_however_slowly_it_is_read(frames, pushes):
    pipe = Pipe(capacity_bytes=8 << 20)
    received = b""
    for frame in frames:
        assert pipe.outbox.put(frame)
        for _ in range(pushes):
            pipe.outbox.push()
        received += pipe.read()
    while pipe.outbox.waiting_bytes:
        pipe.outbox.push()
        received += pipe.read()
    assert received + pipe.read() == b"".join(frames)
    pipe.outbox.close()
    pipe.stop_reading()


def test_a_frame_that_is_not_bounded_is_kept_however_much_waits(pipe):
    fill(pipe)
    waiting = pipe.outbox.waiting_bytes
    assert pipe.outbox.put(bytes(9 << 20), is_bounded=False)
    assert pipe.outbox.waiting_bytes == waiting + (9 << 20)


def test_what_was_given_is_counted_and_what_was_refused_is_not(pipe):
    pipe.outbox.put(bytes(10))
    pipe.outbox.push()
    pipe.outbox.put(bytes(9 << 20))
    pipe.outbox.put(bytes(7))
    assert (pipe.outbox.given_bytes, pipe.outbox.waiting_bytes) == (17, 7)


def test_one_turn_writes_a_bounded_number_of_bytes(pipe):
    pipe.outbox.put(bytes(3 * MOST_BYTES_A_TURN))
    pipe.outbox.push()
    assert pipe.outbox.waiting_bytes >= 2 * MOST_BYTES_A_TURN


def test_a_reader_that_is_gone_closes_the_outbox_and_frees_its_memory(pipe):
    fill(pipe)
    pipe.stop_reading()
    pipe.outbox.push()
    assert not pipe.outbox.is_open
    assert pipe.outbox.waiting_bytes == 0
    assert not pipe.outbox.put(b"frame")


def test_closing_shows_the_reader_the_end(pipe):
    pipe.outbox.close()
    pipe.outbox.close()
    assert os.read(pipe.read_fd, 1) == b""
