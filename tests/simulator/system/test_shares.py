"""Several activators: each has pods and a queue of its own."""

import numpy as np
import pytest

from simulator.system.new_world import new_world
from simulator.system.shares import share_of, share_out
from simulator.system.simulate import simulate
from simulator.system.world import COINS, READY, STANDING
from tests.simulator.system.oracles import md_c_wait_s, pooled
from tests.simulator.system.systems import fixed, inputs, poisson_s, run, scaled, settled

SERVICE_S = 0.5


def owned(pods, activators):
    """The places of the pods that each activator has."""
    world = new_world(inputs([0.0], 1.0), fixed(pods, activators=activators), 10)
    world.counts[READY] = pods
    for slot in range(pods):
        world.slots.state[slot] = STANDING
    share_out(world)
    owner = world.slots.owner[:pods]
    return [
        [place for place in range(pods) if owner[place] == share_of(world, number)]
        for number in range(activators)
    ]


@pytest.mark.parametrize(
    ("pods", "activators", "expected"),
    [
        # As the cases of TestAssignSlice and TestPickIndices of Knative have it.
        (3, 1, [[0, 1, 2]]),
        (4, 2, [[0, 1], [2, 3]]),
        (5, 2, [[0, 1, 4], [2, 3]]),
        (5, 3, [[0, 3], [1, 4], [2]]),
        (1, 3, [[0], [0], [0]]),
        (2, 3, [[0], [1], [0]]),
    ],
)
def test_pods_are_dealt_in_stretches_and_the_rest_one_by_one(pods, activators, expected):
    assert owned(pods, activators) == expected


def shared_out_s(servers, activators, load, concurrency=1):
    """Mean waits, one a repetition."""
    rate = servers * concurrency * load / SERVICE_S
    settings = fixed(servers, concurrency=concurrency, activators=activators)
    for seed in range(12):
        due_s = poisson_s(rate, 6000 / rate, seed)
        found = run(due_s, SERVICE_S, settings, seed=seed)
        yield settled(found.start_s - found.due_s).mean()


@pytest.mark.parametrize("concurrency", [1, 5])
@pytest.mark.parametrize(("servers", "activators", "load"), [(8, 2, 0.7), (12, 3, 0.7)])
def test_each_is_a_queue_of_its_own_before_its_pods(servers, activators, load, concurrency):
    mean, error = pooled(shared_out_s(servers, activators, load, concurrency))
    places = servers * concurrency // activators
    expected = md_c_wait_s(places, places * load / SERVICE_S, SERVICE_S)

    assert error < 0.15 * expected
    assert abs(mean - expected) <= 4 * error


def test_a_call_waits_though_another_activator_has_a_free_pod():
    coins = np.zeros(2 * COINS)  # both go to the first of two
    drawn = inputs([0.0, 0.1], 1.0)._replace(coins=list(coins))
    found = simulate(drawn, fixed(2, activators=2))

    assert list(found.pod) == [0, 0]
    assert found.start_s[1] == 1.0


def test_without_a_limit_of_concurrency_nothing_is_shared_out():
    due_s = poisson_s(20.0, 100, 1)
    one, three = (
        run(due_s, SERVICE_S, fixed(4, concurrency=0, activators=activators))
        for activators in (1, 3)
    )

    assert np.array_equal(one.end_s, three.end_s)


def test_pods_that_get_ready_are_shared_out_anew():
    due_s = np.arange(4000) / 20
    found = run(due_s, 0.3, scaled(duration_s=200.0, activators=2), cold_s=[1.0])
    late = found.due_s > 120

    assert len(set(found.pod[late])) >= 6
    assert np.isfinite(found.end_s).all()
