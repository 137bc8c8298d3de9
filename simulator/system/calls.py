"""What happens to calls: they arrive, wait, run, are answered, given up or refused."""

from simulator.compiled import compiled
from simulator.system.cores import end_first, notices_late, start_work, stop_work
from simulator.system.pods import clear_if_idle
from simulator.system.queues import activator, enqueue, first_waiting, leave_front
from simulator.system.routing import activator_choice, has_room_again, ingress_choice
from simulator.system.settings import SystemSettings
from simulator.system.world import (
    ANSWERED,
    ARRIVED,
    AT_WORK,
    COINS,
    GIVEN_UP,
    IN_SYSTEM,
    NEXT_CALL,
    NONE,
    NOW,
    OLDEST,
    PROXIED,
    QUEUED,
    READY,
    REFUSED,
    RUNNING,
    STANDING,
    World,
)

ACTIVATOR_DEPTH = 10_000
"""Calls that may wait at an activator; more are refused."""
POD_DEPTH = 10
"""Calls that may wait before a pod, times its containerConcurrency."""


@compiled
def arrive(world: World, settings: SystemSettings) -> None:
    """The next call comes: through the activator, or straight to a pod."""
    call = world.counts[NEXT_CALL]
    world.counts[NEXT_CALL] += 1
    world.counts[ARRIVED] += 1
    world.counts[IN_SYSTEM] += 1
    if world.counts[PROXIED] or world.counts[READY] == 0:
        _wait_at_activator(world, settings, call)
    else:
        _go_to_pod(world, settings, call)


@compiled
def answer(world: World, settings: SystemSettings) -> None:
    """The running call that is done first is answered; its place is free for another."""
    is_crowded = settings.quantum_s > 0.0 and world.counts[RUNNING] > settings.cores
    if is_crowded and notices_late(world, settings):
        return
    call = end_first(world, settings)
    slot = world.calls.slot[call]
    if world.calls.status[call] == AT_WORK:
        _settle(world, call, ANSWERED)
    _leave_pod(world, settings, slot)


@compiled
def give_up(world: World, settings: SystemSettings) -> None:
    """The oldest unsettled call's client has waited long enough."""
    call = world.counts[OLDEST]
    slot, was = world.calls.slot[call], world.calls.status[call]
    _settle(world, call, GIVEN_UP)
    if was == QUEUED:
        world.slots.length[slot] -= 1
        if slot < activator(world, 0):
            clear_if_idle(world, slot)
    elif settings.stops_when_cancelled:
        stop_work(world, settings, call)
        _leave_pod(world, settings, slot)


@compiled
def dispatch(world: World, settings: SystemSettings) -> None:
    """Give calls that wait at activators to pods with room."""
    for number in range(settings.activators):
        _dispatch_from(world, settings, number)


@compiled
def _dispatch_from(world: World, settings: SystemSettings, number: int) -> None:
    place = activator(world, number)
    while world.slots.length[place] > 0:
        call = first_waiting(world, place)
        slot = activator_choice(world, settings, number, call)
        if slot == NONE:
            break
        leave_front(world, place)
        _run_on(world, settings, slot, call)


@compiled
def skip_settled(world: World) -> None:
    """Move `OLDEST` on to the oldest call that has arrived and is not settled."""
    counts, status = world.counts, world.calls.status
    while counts[OLDEST] < counts[NEXT_CALL] and status[counts[OLDEST]] > AT_WORK:
        counts[OLDEST] += 1


@compiled
def _wait_at_activator(world: World, settings: SystemSettings, call: int) -> None:
    number = _activator_of(world, settings, call)
    place = activator(world, number)
    if settings.concurrency > 0 and world.slots.length[place] >= ACTIVATOR_DEPTH:
        _settle(world, call, REFUSED)
        return
    enqueue(world, place, call)
    _dispatch_from(world, settings, number)


@compiled
def _activator_of(world: World, settings: SystemSettings, call: int) -> int:
    """Calls are spread over activators at random, as many connections are."""
    if settings.activators == 1:
        return 0
    return int(world.calls.coins[COINS * call] * settings.activators)


@compiled
def _go_to_pod(world: World, settings: SystemSettings, call: int) -> None:
    slot, limit = ingress_choice(world), settings.concurrency
    if limit == 0 or world.slots.running[slot] < limit:
        _run_on(world, settings, slot, call)
    elif world.slots.length[slot] >= POD_DEPTH * limit:
        _settle(world, call, REFUSED)
    else:
        enqueue(world, slot, call)


@compiled
def _run_on(world: World, settings: SystemSettings, slot: int, call: int) -> None:
    slots, calls = world.slots, world.calls
    slots.running[slot] += 1
    slots.served[slot] += 1
    calls.status[call] = AT_WORK
    calls.slot[call] = slot
    calls.pod[call] = slots.number[slot]
    calls.seq[call] = slots.served[slot]
    calls.start_s[call] = world.times[NOW]
    start_work(world, settings, call)


@compiled
def _leave_pod(world: World, settings: SystemSettings, slot: int) -> None:
    """A place in a pod is free: for who waits before it, else for who waits at the activator."""
    slots = world.slots
    slots.running[slot] -= 1
    if slots.length[slot] > 0:
        call = first_waiting(world, slot)
        leave_front(world, slot)
        _run_on(world, settings, slot, call)
        return
    if slots.state[slot] == STANDING:
        has_room_again(world, slot)
    clear_if_idle(world, slot)
    dispatch(world, settings)


@compiled
def _settle(world: World, call: int, status: int) -> None:
    world.calls.status[call] = status
    world.calls.end_s[call] = world.times[NOW]
    world.counts[IN_SYSTEM] -= 1
