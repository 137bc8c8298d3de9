import time

import gevent
import pytest

from openloop.clock import SYSTEM_CLOCK
from openloop.pacer import SleepPacer, TimerfdPacer


@pytest.fixture(params=[TimerfdPacer, SleepPacer])
def pacer(request):
    made = request.param(SYSTEM_CLOCK)
    yield made
    made.close()


def test_a_wait_never_ends_before_its_moment(pacer):
    due_s = time.monotonic() + 0.02
    assert pacer.wait_until(due_s)
    assert time.monotonic() >= due_s


class CountedClock:
    """The system's, with its readings counted."""

    def __init__(self):
        self.readings = 0

    def monotonic_s(self):
        self.readings += 1
        return SYSTEM_CLOCK.monotonic_s()


def test_the_last_of_a_wait_is_watched_once_the_gaps_are_known():
    clock = CountedClock()
    pacer = TimerfdPacer(clock)
    due_s, readings = time.monotonic(), []
    for _ in range(20):
        due_s, clock.readings = due_s + 0.01, 0
        pacer.wait_until(due_s)
        readings.append(clock.readings)
    pacer.close()
    assert readings[0] <= 3  # before the sleep and after it
    assert max(readings) > 10


def test_a_moment_that_has_passed_is_not_waited_for(pacer):
    assert pacer.wait_until(time.monotonic() - 1.0)


def test_an_interrupt_ends_the_wait_under_way(pacer):
    gevent.spawn_later(0.01, pacer.interrupt)
    assert not pacer.wait_until(time.monotonic() + 60.0)


def test_an_interrupt_before_a_wait_ends_that_wait_and_no_other(pacer):
    pacer.interrupt()
    assert not pacer.wait_until(time.monotonic() + 60.0)
    assert pacer.wait_until(time.monotonic() + 0.001)


def test_other_greenlets_run_meanwhile(pacer):
    ticks = []

    def tick():
        while True:
            ticks.append(1)
            gevent.sleep(0.001)

    ticking = gevent.spawn(tick)
    pacer.wait_until(time.monotonic() + 0.05)
    ticking.kill()
    assert len(ticks) > 5
