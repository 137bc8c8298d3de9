"""Cores shared evenly by the calls that run on them: no call gets more than one core.

Kept as the work that a call would have got, had it run from the start (`WORKED`): a call is done
when that has grown by its own work, whatever the others do meanwhile.
"""

from simulator.compiled import compiled
from simulator.system.heap import drop_first, push
from simulator.system.settings import ENDLESS, SystemSettings
from simulator.system.world import HEAPED, NONE, NOW, RUNNING, WORKED, World


@compiled
def rate(world: World, settings: SystemSettings) -> float:
    """Seconds of work that each running call gets in a second."""
    running = world.counts[RUNNING]
    if settings.is_wall or running <= settings.cores:
        return 1.0
    return settings.cores / running


@compiled
def next_done_s(world: World, settings: SystemSettings) -> float:
    """When the next running call is done, if none comes in between."""
    if world.counts[HEAPED] == 0:
        return ENDLESS
    missing_s = max(0.0, world.keys[0] - world.times[WORKED])
    return world.times[NOW] + missing_s / rate(world, settings)


@compiled
def start_work(world: World, call: int) -> None:
    """Let a call run."""
    counts = world.counts
    done_at = world.times[WORKED] + world.calls.work_s[call]
    push(world.keys, world.items, counts[HEAPED], done_at, call)
    counts[HEAPED] += 1
    counts[RUNNING] += 1


@compiled
def end_first(world: World) -> int:
    """Take the call that is done first off the cores."""
    call = world.items[0]
    world.times[WORKED] = max(world.times[WORKED], world.keys[0])
    world.counts[RUNNING] -= 1
    _drop(world)
    _drop_stopped(world)
    return call


@compiled
def stop_work(world: World, call: int) -> None:
    """Take a call off the cores that is not done; it stays in the heap until it is first there."""
    world.counts[RUNNING] -= 1
    world.calls.slot[call] = NONE
    _drop_stopped(world)


@compiled
def _drop_stopped(world: World) -> None:
    while world.counts[HEAPED] > 0 and world.calls.slot[world.items[0]] == NONE:
        _drop(world)


@compiled
def _drop(world: World) -> None:
    drop_first(world.keys, world.items, world.counts[HEAPED])
    world.counts[HEAPED] -= 1
