"""The life of pods: made, ready, told to leave, gone."""

from simulator.compiled import compiled
from simulator.system.routing import has_room_again
from simulator.system.settings import ENDLESS
from simulator.system.shares import share_out
from simulator.system.world import (
    EMPTY,
    LEAVING,
    MOST_MADE,
    NEXT_READY,
    NONE,
    NOW,
    PODS,
    READY,
    STANDING,
    STARTING,
    World,
)


@compiled
def standing_first(world: World, pods: int) -> None:
    """Pods that are ready at the start."""
    for slot in range(pods):
        _make(world, slot, world.times[NOW])
        _stand(world, slot)


@compiled
def make_pods(world: World, replicas: int) -> None:
    """Begin pods until there are as many as told, or no room for more.

    Pods that leave still take up room.
    """
    lacking = replicas - _alive(world)
    for slot in range(len(world.slots.state)):
        if lacking <= 0 or world.counts[PODS] >= MOST_MADE:
            break
        if world.slots.state[slot] == EMPTY:
            _make(world, slot, world.times[NOW] + _next_cold_s(world))
            lacking -= 1
    _note_next_ready(world)


@compiled
def leave_pods(world: World, replicas: int) -> None:
    """Let pods go until there are as many as told: those that start first, then the youngest."""
    for _ in range(_alive(world) - replicas):
        slot = _first_to_go(world)
        was_standing = world.slots.state[slot] == STANDING
        world.pods.leaving_s[world.slots.number[slot]] = world.times[NOW]
        world.slots.state[slot] = LEAVING
        if was_standing:
            _sit_down(world, slot)
        clear_if_idle(world, slot)
    _note_next_ready(world)


@compiled
def get_ready(world: World) -> None:
    """Let all pods stand whose time has come."""
    for slot in range(len(world.slots.state)):
        is_due = world.slots.ready_s[slot] <= world.times[NOW]
        if world.slots.state[slot] == STARTING and is_due:
            _stand(world, slot)
    _note_next_ready(world)


@compiled
def clear_if_idle(world: World, slot: int) -> None:
    """A leaving pod is gone once it has nothing left to do."""
    slots = world.slots
    if slots.state[slot] == LEAVING and slots.running[slot] + slots.length[slot] == 0:
        world.pods.gone_s[slots.number[slot]] = world.times[NOW]
        slots.state[slot] = EMPTY


@compiled
def _alive(world: World) -> int:
    """Pods that start or are ready."""
    alive = 0
    for state in world.slots.state:
        if state in (STARTING, STANDING):
            alive += 1
    return alive


@compiled
def _make(world: World, slot: int, ready_s: float) -> None:
    number, slots = world.counts[PODS], world.slots
    world.counts[PODS] += 1
    world.pods.made_s[number] = world.times[NOW]
    slots.state[slot] = STARTING
    slots.number[slot] = number
    slots.ready_s[slot] = ready_s
    slots.served[slot] = 0


@compiled
def _next_cold_s(world: World) -> float:
    cold_s = world.pods.cold_s
    return cold_s[world.counts[PODS] % len(cold_s)]


@compiled
def _stand(world: World, slot: int) -> None:
    slots, ready = world.slots, world.counts[READY]
    slots.state[slot] = STANDING
    slots.standing[ready] = slot
    world.counts[READY] += 1
    world.pods.ready_s[slots.number[slot]] = world.times[NOW]
    share_out(world)
    has_room_again(world, slot)


@compiled
def _sit_down(world: World, slot: int) -> None:
    """Take a slot out of the ready ones; the last of them takes its place."""
    standing, last = world.slots.standing, world.counts[READY] - 1
    for place in range(last + 1):
        if standing[place] == slot:
            standing[place] = standing[last]
            break
    world.counts[READY] = last
    share_out(world)


@compiled
def _first_to_go(world: World) -> int:
    """The pod that a ReplicaSet gives up first: one that is not ready, else the youngest."""
    slots, found = world.slots, NONE
    for slot in range(len(slots.state)):
        state = slots.state[slot]
        if state not in (STARTING, STANDING):
            continue
        if found == NONE or _goes_before(world, slot, found):
            found = slot
    return found


@compiled
def _goes_before(world: World, slot: int, other: int) -> bool:
    slots = world.slots
    if slots.state[slot] != slots.state[other]:
        return slots.state[slot] == STARTING
    return slots.number[slot] > slots.number[other]


@compiled
def _note_next_ready(world: World) -> None:
    slots, next_s = world.slots, ENDLESS
    for slot in range(len(slots.state)):
        if slots.state[slot] == STARTING:
            next_s = min(next_s, slots.ready_s[slot])
    world.times[NEXT_READY] = next_s
