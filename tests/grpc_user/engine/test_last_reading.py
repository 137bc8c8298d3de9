"""The end of an engine that had no room for all that it had to tell."""

import pytest

from grpc_user.engine.last_reading import HUB_S, WRITER_S, Reading, read_to_the_end


class Scripted:
    """An engine with slots in a small ring, more of them kept, and a writer that takes its time."""

    def __init__(self, told, room=10, writer_starts_s=0.0, dies_s=1e9):
        self.in_ring, self.kept = [], 0
        self.waiting, self.read, self.held = list(range(told)), [], 0
        self.room, self.now, self.uncommitted = room, 0.0, 0
        self.writer_starts_s, self.dies_s = writer_starts_s, dies_s
        self.move()

    def move(self):
        """What an engine does at each of its turns."""
        count = self.room - len(self.in_ring) - self.uncommitted
        self.in_ring += self.waiting[:count]
        del self.waiting[:count]
        self.kept = len(self.waiting)

    def collect(self):
        self.read += self.in_ring
        self.uncommitted += len(self.in_ring)
        self.in_ring = []
        if self.now >= self.writer_starts_s:
            self.uncommitted = 0

    def hold(self):
        self.held += self.uncommitted
        self.uncommitted = 0

    def death(self):
        return "dead" if self.now >= self.dies_s else None

    def sleep(self, wait_s):
        self.now += 100 * wait_s
        if self.death() is None:
            self.move()

    def finish(self):
        return read_to_the_end(self, Reading(self.collect, self.hold, lambda: self.now, self.sleep))


@pytest.mark.parametrize("told", [0, 1, 10, 11, 95])
def test_all_that_an_engine_keeps_is_read_as_the_writer_makes_room(told):
    engine = Scripted(told)
    assert engine.finish()
    assert engine.read == list(range(told))
    assert engine.held == 0


def test_a_writer_that_begins_late_is_waited_for():
    engine = Scripted(95, writer_starts_s=WRITER_S / 2)
    assert engine.finish()
    assert engine.read == list(range(95))
    assert engine.held == 0


def test_a_writer_that_takes_nothing_loses_nothing_for_the_hub_holds_it():
    engine = Scripted(95, writer_starts_s=1e9)
    assert engine.finish()
    assert engine.read == list(range(95))
    assert engine.held >= 85
    assert engine.now < WRITER_S + HUB_S


def test_an_engine_that_dies_over_it_was_not_read_to_the_end():
    engine = Scripted(95, writer_starts_s=1e9, dies_s=1.0)
    assert not engine.finish()
    assert engine.read == list(range(10))


def test_an_engine_that_moves_nothing_is_given_up_in_time():
    engine = Scripted(95)
    engine.move = lambda: None
    assert not engine.finish()
    assert engine.now < WRITER_S + HUB_S + 1
