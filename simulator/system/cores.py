"""Cores shared evenly by the calls that run on them: no call gets more than one core.

Kept as the work that a call would have got, had it run from the start (`WORKED`): a call is done
when that has grown by its own work, whatever the others do meanwhile. Where pods have a quota of
CPU time, each keeps its own calls (`quotas`), else a heap keeps them all.
"""

from simulator.compiled import compiled
from simulator.system.heap import drop_first, push
from simulator.system.quotas import end_first_in_pods, start_in_pod, stop_in_pod
from simulator.system.settings import ENDLESS, SystemSettings
from simulator.system.world import (
    COINS,
    HEAPED,
    NEXT_PERIOD,
    NONE,
    NOW,
    RUNNING,
    WORKED,
    World,
)


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
    return _when_worked(world, settings, world.keys[0])


@compiled
def next_done_in_pods_s(world: World, settings: SystemSettings) -> float:
    """The same where pods have a quota."""
    return _when_worked(world, settings, min(world.quotas.done_at))


@compiled
def next_turn_s(world: World, settings: SystemSettings) -> float:
    """When a period of CPU limits is over or a pod has used up its quota, whichever is first."""
    halt_s = _when_worked(world, settings, min(world.quotas.halt_at))
    return min(world.times[NEXT_PERIOD], halt_s)


@compiled
def start_work(world: World, settings: SystemSettings, call: int) -> None:
    """Let a call run."""
    if settings.quota_s < ENDLESS:
        start_in_pod(world, settings, call)
        return
    _put(world, world.times[WORKED] + world.calls.work_s[call], call)
    world.counts[RUNNING] += 1


@compiled
def end_first(world: World, settings: SystemSettings) -> int:
    """Take the call that is done first off the cores."""
    if settings.quota_s < ENDLESS:
        return end_first_in_pods(world, settings)
    call = world.items[0]
    world.times[WORKED] = max(world.times[WORKED], world.keys[0])
    world.counts[RUNNING] -= 1
    _drop(world)
    _drop_stopped(world)
    return call


@compiled
def stop_work(world: World, settings: SystemSettings, call: int) -> None:
    """Take a call off the cores that is not done; it stays in the heap until it is first there."""
    if settings.quota_s < ENDLESS:
        stop_in_pod(world, settings, call)
        return
    world.counts[RUNNING] -= 1
    world.calls.slot[call] = NONE
    _drop_stopped(world)


@compiled
def notices_late(world: World, settings: SystemSettings) -> bool:
    """Whether the time of the first call is over while another has its core: then it goes on.

    It is on a core with the probability cores/running; else it has to wait for its turn, which
    comes evenly within (running/cores - 1) quanta.
    """
    call, share = world.items[0], settings.cores / world.counts[RUNNING]
    drawn = world.calls.coins[COINS * call + 2]
    if world.calls.is_late[call] or drawn < share:
        return False
    longest_s = (1.0 / share - 1.0) * settings.quantum_s
    world.times[WORKED] = max(world.times[WORKED], world.keys[0])
    world.calls.is_late[call] = 1
    _drop(world)
    _put(world, world.times[WORKED] + longest_s * (drawn - share) / (1.0 - share), call)
    _drop_stopped(world)
    return True


@compiled
def _when_worked(world: World, settings: SystemSettings, at: float) -> float:
    missing_s = max(0.0, at - world.times[WORKED])
    return world.times[NOW] + missing_s / rate(world, settings)


@compiled
def _put(world: World, done_at: float, call: int) -> None:
    push(world.keys, world.items, world.counts[HEAPED], done_at, call)
    world.counts[HEAPED] += 1


@compiled
def _drop_stopped(world: World) -> None:
    while world.counts[HEAPED] > 0 and world.calls.slot[world.items[0]] == NONE:
        _drop(world)


@compiled
def _drop(world: World) -> None:
    drop_first(world.keys, world.items, world.counts[HEAPED])
    world.counts[HEAPED] -= 1
