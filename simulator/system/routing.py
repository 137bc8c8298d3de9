"""Which pod a call goes to: the activator's policies, and the ingress' turns."""

from simulator.compiled import compiled
from simulator.system.settings import SystemSettings
from simulator.system.world import FIRST_FREE, NONE, READY, STANDING, TURN, World

FIRST_FREE_UP_TO = 3
"""Up to this containerConcurrency the activator takes the first pod with room, else turns."""


@compiled
def activator_choice(world: World, settings: SystemSettings, call: int) -> int:
    """The slot that the activator gives a call to; `NONE` where no pod has room."""
    if world.counts[READY] == 0:
        return NONE
    if settings.concurrency == 0:
        return _less_busy_of_two(world, call)
    if settings.concurrency <= FIRST_FREE_UP_TO:
        return _first_free(world, settings.concurrency)
    return _next_free(world, settings.concurrency)


@compiled
def ingress_choice(world: World) -> int:
    """The slot of the ready pod whose turn it is, whether it has room or not."""
    ready = world.counts[READY]
    world.counts[TURN] += 1
    return world.slots.standing[world.counts[TURN] % ready]


@compiled
def _less_busy_of_two(world: World, call: int) -> int:
    """Of two ready pods drawn at random, the one with fewer calls."""
    slots, ready = world.slots, world.counts[READY]
    coins = world.calls.coins
    one = slots.standing[int(coins[2 * call] * ready)]
    other = slots.standing[int(coins[2 * call + 1] * ready)]
    return one if slots.running[one] <= slots.running[other] else other


@compiled
def _first_free(world: World, limit: int) -> int:
    """The first slot whose pod has room; what lies before it is remembered to have none."""
    slots = world.slots
    for slot in range(world.counts[FIRST_FREE], len(slots.state)):
        if slots.state[slot] == STANDING and slots.running[slot] < limit:
            world.counts[FIRST_FREE] = slot
            return slot
    world.counts[FIRST_FREE] = len(slots.state)
    return NONE


@compiled
def _next_free(world: World, limit: int) -> int:
    """The next ready pod in turn that has room."""
    slots, ready = world.slots, world.counts[READY]
    for step in range(1, ready + 1):
        slot = slots.standing[(world.counts[TURN] + step) % ready]
        if slots.running[slot] < limit:
            world.counts[TURN] += step
            return slot
    return NONE


@compiled
def has_room_again(world: World, slot: int) -> None:
    """Remember that a slot before the first free one may be free now."""
    world.counts[FIRST_FREE] = min(world.counts[FIRST_FREE], slot)
