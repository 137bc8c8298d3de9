"""How activators share out the ready pods: each has some of its own, as long as there are enough.

After `assignSlice` of Knative (pkg/activator/net/throttler.go): pods in the order of their
addresses, here of their slots, are dealt in even stretches, and those left over one by one.
"""

from simulator.compiled import compiled
from simulator.system.world import READY, STANDING, World


@compiled
def share_out(world: World) -> None:
    """Say for each ready pod in which share it is."""
    slots, activators = world.slots, len(world.activators.turn)
    if activators == 1:
        return
    place = 0
    for slot in range(len(slots.state)):
        if slots.state[slot] == STANDING:
            slots.owner[slot] = _share_at(place, world.counts[READY], activators)
            place += 1
    for number in range(activators):
        world.activators.first_free[number] = 0


@compiled
def share_of(world: World, number: int) -> int:
    """The share of an activator: its own, or with others where there are fewer pods than them."""
    activators = len(world.activators.turn)
    return 0 if activators == 1 else number % min(activators, world.counts[READY])


@compiled
def _share_at(place: int, ready: int, activators: int) -> int:
    if ready < activators:
        return place
    stretch = ready // activators
    if place < stretch * activators:
        return place // stretch
    return place - stretch * activators
