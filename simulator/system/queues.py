"""Queues of calls, one before each pod and one at each activator, first come first served.

A call whose client gave up stays in its queue until it comes to the front, and is skipped there;
the length counts those that still wait.
"""

from simulator.compiled import compiled
from simulator.system.world import NONE, QUEUED, World


@compiled
def activator(world: World, number: int) -> int:
    """The place of an activator's queue."""
    return len(world.slots.state) + number


@compiled
def enqueue(world: World, place: int, call: int) -> None:
    """Put a call at the end of a queue."""
    slots, calls = world.slots, world.calls
    calls.status[call] = QUEUED
    calls.slot[call] = place
    if slots.head[place] == NONE:
        slots.head[place] = call
    else:
        calls.after[slots.tail[place]] = call
    slots.tail[place] = call
    slots.length[place] += 1


@compiled
def first_waiting(world: World, place: int) -> int:
    """The call at the front of a queue; `NONE` where nobody waits."""
    slots, calls = world.slots, world.calls
    call = slots.head[place]
    while call != NONE and calls.status[call] != QUEUED:
        call = calls.after[call]
    slots.head[place] = call
    return call


@compiled
def leave_front(world: World, place: int) -> None:
    """Take the call at the front out of its queue."""
    slots = world.slots
    slots.head[place] = world.calls.after[slots.head[place]]
    slots.length[place] -= 1
