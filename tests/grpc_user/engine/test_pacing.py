import math
import time
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from grpc_user.engine.leave import PassedOn
from grpc_user.engine.pacing import MOST_WITHOUT_TURN, LoopPacer
from grpc_user.engine.words import Real
from openloop.lease import Lease, Unlimited
from openloop.wake_lead import LONGEST_LEAD_S

SECONDS = st.floats(0, 100)


class CountedLoop:
    """A loop in which something may happen at each turn."""

    def __init__(self):
        self.turns = 0
        self.until_s = []
        self.happens = lambda: None

    def turn(self, until_s):
        self.turns += 1
        self.until_s.append(until_s)
        self.happens()


def test_few_overdue_waits_have_no_turn_and_then_the_loop_has_its():
    loop = CountedLoop()
    pacer = LoopPacer(loop)
    for _ in range(MOST_WITHOUT_TURN):
        assert pacer.wait_until(0.0)
    assert loop.turns == 0
    assert pacer.wait_until(0.0)
    assert loop.turns == 1


def test_a_wait_turns_the_loop_until_the_moment_has_come():
    loop = CountedLoop()
    due_s = time.monotonic() + 0.01
    assert LoopPacer(loop).wait_until(due_s)
    assert time.monotonic() >= due_s
    assert loop.turns > 0


def test_the_loop_waits_until_a_little_before_the_moment_once_the_gaps_are_known():
    loop = CountedLoop()
    pacer, due_s = LoopPacer(loop), time.monotonic()
    for _ in range(3):
        due_s += 0.01
        loop.until_s.clear()
        pacer.wait_until(due_s)
    (until_s,) = set(loop.until_s)
    assert due_s - LONGEST_LEAD_S <= until_s < due_s


def test_an_interruption_ends_a_wait_that_would_last_for_ever():
    loop = CountedLoop()
    pacer = LoopPacer(loop)
    loop.happens = pacer.interrupt
    assert not pacer.wait_until(math.inf)
    assert pacer.wait_until(0.0)


@given(st.lists(SECONDS, min_size=1, max_size=5), SECONDS, SECONDS)
def test_leave_that_is_passed_on_is_the_hubs_lease(granted_s, due_s, now_s):
    words = SimpleNamespace(real={int(Real.GRANTED_S): math.nan})
    passed_on, lease = PassedOn(words), Lease(granted_s[0])
    for renewed_s in granted_s:
        words.real[int(Real.GRANTED_S)] = renewed_s
        lease.renew(renewed_s)
        assert passed_on.refusal(due_s, now_s) == lease.refusal(due_s, now_s)


@given(SECONDS, SECONDS)
def test_without_a_word_of_a_lease_only_lateness_forbids(due_s, now_s):
    words = SimpleNamespace(real={int(Real.GRANTED_S): math.nan})
    assert PassedOn(words).refusal(due_s, now_s) == Unlimited().refusal(due_s, now_s)
