"""Which pod a call goes to: the activator's policies, and the ingress' turns."""

from simulator.compiled import compiled
from simulator.system.settings import SystemSettings
from simulator.system.shares import share_of
from simulator.system.world import COINS, NONE, READY, STANDING, TURN, World

FIRST_FREE_UP_TO = 3
"""Up to this containerConcurrency the activator takes the first pod with room, else turns."""


@compiled
def activator_choice(world: World, settings: SystemSettings, number: int, call: int) -> int:
    """The slot that an activator gives a call to; `NONE` where no pod of its own has room."""
    if world.counts[READY] == 0:
        return NONE
    if settings.concurrency == 0:
        return _less_busy_of_two(world, call)
    if settings.concurrency <= FIRST_FREE_UP_TO:
        return _first_free(world, settings.concurrency, number)
    return _next_free(world, settings.concurrency, number)


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
    coins, place = world.calls.coins, COINS * call
    one = slots.standing[int(coins[place] * ready)]
    other = slots.standing[int(coins[place + 1] * ready)]
    return one if slots.running[one] <= slots.running[other] else other


@compiled
def _first_free(world: World, limit: int, number: int) -> int:
    """The first slot whose pod has room; what lies before it is remembered to have none."""
    slots, first_free = world.slots, world.activators.first_free
    share = share_of(world, number)
    for slot in range(first_free[number], len(slots.state)):
        if slots.owner[slot] == share and _has_room(world, slot, limit):
            first_free[number] = slot
            return slot
    first_free[number] = len(slots.state)
    return NONE


@compiled
def _next_free(world: World, limit: int, number: int) -> int:
    """The next ready pod in turn that has room."""
    slots, turn, ready = world.slots, world.activators.turn, world.counts[READY]
    share = share_of(world, number)
    for step in range(1, ready + 1):
        slot = slots.standing[(turn[number] + step) % ready]
        if slots.owner[slot] == share and slots.running[slot] < limit:
            turn[number] += step
            return slot
    return NONE


@compiled
def _has_room(world: World, slot: int, limit: int) -> bool:
    return world.slots.state[slot] == STANDING and world.slots.running[slot] < limit


@compiled
def has_room_again(world: World, slot: int) -> None:
    """Remember that a slot before the first free one may be free now."""
    first_free = world.activators.first_free
    for number in range(len(first_free)):
        first_free[number] = min(first_free[number], slot)
