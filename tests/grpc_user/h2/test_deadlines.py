"""Deadlines of calls that were given the same time."""

import gevent
import pytest
from gevent.event import Event

from grpc_user.h2.deadlines import FEW_LANES, Deadlines


class Call:
    def __init__(self):
        self.is_late = Event()
        self.out_of_time = self.is_late.set


class Clock:
    now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


def test_who_is_due_is_told_and_nobody_else(clock):
    lane, calls = Deadlines(clock).lane(10.0), [Call() for _ in range(3)]
    for at_s, call in zip((100.0, 104.0, 108.0), calls, strict=True):
        lane.add(call, at_s)
    clock.now_s = 114.0
    lane._look()
    assert [call.is_late.is_set() for call in calls] == [True, True, False]
    assert list(lane.calls) == [calls[2]]


def test_a_deadline_is_looked_after_by_itself_one_after_the_other():
    now_s = gevent.get_hub().loop.now
    lane, first, second = Deadlines(now_s).lane(0.02), Call(), Call()
    lane.add(first, now_s())
    assert first.is_late.wait(5)
    lane.add(second, now_s())
    assert second.is_late.wait(5)


def test_a_timer_that_comes_early_ends_nobody_early(clock):
    lane, call = Deadlines(clock).lane(10.0), Call()
    lane.add(call, 100.0)
    clock.now_s = 109.999
    lane._look()
    assert not call.is_late.is_set()
    clock.now_s = 110.0
    lane._look()
    assert call.is_late.is_set()


def test_calls_with_the_same_time_are_together(clock):
    deadlines = Deadlines(clock)
    assert deadlines.lane(1.0) is deadlines.lane(1.0)
    assert deadlines.lane(1.0) is not deadlines.lane(2.0)


def test_times_that_no_call_has_any_more_are_forgotten(clock):
    deadlines, call = Deadlines(clock), Call()
    deadlines.lane(0.5).add(call, 100.0)
    for k in range(10 * FEW_LANES):
        deadlines.lane(1.0 + k)
    assert len(deadlines._lanes) <= 2 * FEW_LANES
    assert call in deadlines.lane(0.5).calls
