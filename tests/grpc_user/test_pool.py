from itertools import count

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.errors import NoFreeStreamError
from grpc_user.pool import Connection, StreamPool, in_ring_order
from grpc_user.pool_rules import PoolRules, rules_for
from grpc_user.stream_limit import UNLIMITED


def connection(number, target=0, limit=2):
    return Connection(number, target, limit, wire=None, opened_s=0.0)


def pool_of(*connections, targets=1):
    pool = StreamPool((PoolRules(stream_limit=2),) * targets)
    for one in connections:
        pool.add(one)
    return pool


def test_calls_take_the_connections_in_turn():
    pool = pool_of(connection(0), connection(1), connection(2))
    assert [pool.take_now().number for _ in range(6)] == [0, 1, 2, 0, 1, 2]


def test_targets_take_turns_whatever_their_connections():
    ring = in_ring_order(
        [connection(0, 0), connection(1, 0), connection(2, 1), connection(3, 1), connection(4, 2)]
    )
    assert [one.target_index for one in ring] == [0, 1, 2, 0, 1]


def test_a_full_connection_is_passed_over():
    full, free = connection(0), connection(1)
    full.in_flight = 2
    assert pool_of(full, free).take_now() is free


def test_no_call_shares_a_stream_limit_unseen():
    pool = pool_of(connection(0), connection(1))
    for _ in range(4):
        pool.take_now()
    assert pool.take_now() is None


def test_a_limit_that_grows_serves_who_waits_and_one_that_falls_is_kept():
    pool = pool_of(connection(0, limit=1))
    held = pool.take_now()
    waiting = gevent.spawn(pool.wait, None)
    gevent.sleep(0)
    pool.set_limit(held, 2)
    assert waiting.get() is held
    pool.set_limit(held, 1)
    waiting = gevent.spawn(pool.wait, 0.05)
    gevent.sleep(0)
    pool.give_back(held)  # one is under way still: as many as allowed
    with pytest.raises(NoFreeStreamError):
        waiting.get()


def test_who_waits_longest_gets_the_free_stream():
    pool = pool_of(connection(0, limit=1))
    held = pool.take_now()
    order = []

    def wait(name):
        taken = pool.wait(None)
        order.append(name)
        pool.give_back(taken)

    waiters = [gevent.spawn(wait, name) for name in "abc"]
    gevent.sleep(0)
    pool.give_back(held)
    gevent.joinall(waiters)
    assert order == ["a", "b", "c"]


def test_nobody_passes_those_who_wait():
    pool = pool_of(connection(0, limit=1))
    held = pool.take_now()
    waiter = gevent.spawn(pool.wait, None)
    gevent.sleep(0)
    pool.give_back(held)
    assert pool.take_now() is None
    assert waiter.get() is held


def test_a_new_connection_serves_those_who_wait():
    pool = pool_of(connection(0, limit=1))
    pool.take_now()
    waiters = [gevent.spawn(pool.wait, None) for _ in range(3)]
    gevent.sleep(0)
    pool.add(connection(1, limit=2))
    gevent.sleep(0)
    assert [waiter.ready() for waiter in waiters] == [True, True, False]
    waiters[2].kill()


def test_a_wait_ends_at_its_deadline_and_says_what_was_there():
    pool = pool_of(connection(0, limit=1))
    pool.take_now()
    with pytest.raises(NoFreeStreamError, match="1 connections, 1 streams in all"):
        pool.wait(0.01)


def test_a_killed_waiter_leaves_its_place():
    pool = pool_of(connection(0, limit=1))
    held = pool.take_now()
    killed, left = gevent.spawn(pool.wait, None), gevent.spawn(pool.wait, None)
    gevent.sleep(0)
    killed.kill()
    pool.give_back(held)
    assert left.get() is held
    assert held.in_flight == 1


@pytest.mark.parametrize("killed_first", [True, False], ids=["killed-first", "handed-over-first"])
def test_a_stream_handed_to_a_waiter_killed_meanwhile_is_not_lost(killed_first):
    pool = pool_of(connection(0, limit=1))
    held = pool.take_now()

    def call():
        taken = pool.wait(None)
        try:
            gevent.sleep(60)
        finally:
            pool.give_back(taken)

    waiter = gevent.spawn(call)
    gevent.sleep(0)
    steps = [lambda: waiter.kill(block=False), lambda: pool.give_back(held)]
    for step in steps if killed_first else reversed(steps):
        step()
    waiter.join()
    assert held.in_flight == 0
    assert pool.take_now() is held


def test_calls_on_a_replaced_connection_go_on_and_new_ones_avoid_it():
    old, new = connection(0), connection(1)
    pool = pool_of(old)
    pool.take_now()
    pool.replace(old, new)
    assert pool.take_now() is new
    pool.give_back(old)
    assert (old.in_flight, old.retired) == (0, True)


@pytest.mark.parametrize(
    ("in_flight", "wanted"),
    [
        pytest.param(0, 2, id="idle"),
        pytest.param(100, 2, id="both-half-full"),
        pytest.param(101, 3, id="more-than-half"),
        pytest.param(1000, 20, id="cold-start"),
        pytest.param(1_000_000, 256, id="never-more"),
    ],
)
def test_the_pool_keeps_room_for_twice_what_is_in_flight(in_flight, wanted):
    assert PoolRules(stream_limit=100).wanted(in_flight) == wanted


def test_a_given_number_of_connections_is_kept_exactly():
    rules = rules_for(3, stream_limit=10)
    assert {rules.wanted(in_flight) for in_flight in (0, 10, 1000)} == {3}


def test_an_undeclared_limit_is_assumed_to_be_100():
    assert rules_for(None, None).stream_limit == 100


@given(st.lists(st.sampled_from(["take", "give"]), max_size=60), st.integers(1, 3))
def test_no_connection_ever_carries_more_than_its_limit(steps, connections):
    pool = pool_of(*(connection(number) for number in range(connections)))
    held, numbers = [], count()
    for step in steps:
        if step == "take" and (taken := pool.take_now()) is not None:
            held.append((next(numbers), taken))
        elif step == "give" and held:
            pool.give_back(held.pop(0)[1])
        assert all(0 <= one.in_flight <= one.stream_limit for one in pool.connections)
        assert pool.in_flight == len(held)


def test_a_server_without_a_limit_lets_no_call_wait_and_gets_connections_all_the_same():
    rules = rules_for(None, UNLIMITED)
    assert rules.stream_limit == UNLIMITED
    assert rules.wanted(in_flight=500) == 10
