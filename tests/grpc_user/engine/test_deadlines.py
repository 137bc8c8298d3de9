import math
from types import SimpleNamespace

from grpc_user.engine.deadlines import SPARE, Deadlines


def call(ends_s, *, is_over=False):
    return SimpleNamespace(ends_s=ends_s, is_over=is_over)


def test_the_next_deadline_is_that_of_the_first_call_that_is_not_over():
    deadlines = Deadlines()
    first, second = call(1.0), call(2.0)
    deadlines.add(first)
    deadlines.add(second)
    assert deadlines.next_s() == 1.0
    first.is_over = True
    assert deadlines.next_s() == 2.0
    second.is_over = True
    assert deadlines.next_s() == math.inf


def test_only_calls_whose_deadline_has_passed_are_due():
    deadlines = Deadlines()
    late, later = call(1.0), call(2.0)
    deadlines.add(late)
    deadlines.add(later)
    assert deadlines.pop_due(1.5) is late
    assert deadlines.pop_due(1.5) is None


def test_what_is_over_takes_no_memory_however_long_the_first_call_lasts():
    deadlines = Deadlines()
    deadlines.add(call(0.0))
    for ends_s in range(1, 20 * SPARE):
        deadlines.add(call(ends_s, is_over=True))
    assert len(deadlines._calls) <= 2 * SPARE


def test_all_that_is_not_over_is_given_out_once():
    deadlines = Deadlines()
    deadlines.add(call(1.0, is_over=True))
    left = call(2.0)
    deadlines.add(left)
    assert deadlines.pop_all() == [left]
    assert deadlines.pop_all() == []
