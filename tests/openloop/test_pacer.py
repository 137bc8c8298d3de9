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
