"""CPU limits: a pod gets a quota of CPU time in each period, and stands still once that is used.

As the kernel's bandwidth control does it for the control group of a pod (CFS, `cpu.max`), with
the periods of all pods counted from the epoch, and with every pod stopped where its quota is used
up, not a slice of it later.
"""

import math

from simulator.compiled import Floats, compiled
from simulator.system.run_list import put_in_order, take_out
from simulator.system.settings import ENDLESS, SystemSettings
from simulator.system.world import NEXT_PERIOD, NOW, RUNNING, WORKED, World

PERIOD_S = 0.1
_ROUNDING = 1e-6
"""Of a period: so near its end, the next one has begun."""
_ROUNDING_S = 1e-11
"""Of CPU time: a call that needs just what is left of the quota is done with it."""


def quota_s(cores: float) -> float:
    """CPU time in a period under a limit of so many cores."""
    return cores * PERIOD_S


@compiled
def start_in_pod(world: World, settings: SystemSettings, call: int) -> None:
    """Let a call run in its pod, as far as that has quota left."""
    slot, calls = world.calls.slot[call], world.calls
    if world.times[NEXT_PERIOD] == ENDLESS:
        _begin_period(world, settings)
    _count(world, slot)
    calls.done_at[call] = _own_work(world, slot) + calls.work_s[call]
    calls.throttled_s[call] = -_stood_s(world, slot)
    put_in_order(world, slot, call)
    _change_running(world, slot, 1)
    _note_next(world, settings, slot)


@compiled
def stop_in_pod(world: World, settings: SystemSettings, call: int) -> None:
    """Take a call out of its pod, done or not."""
    slot = world.calls.slot[call]
    _count(world, slot)
    world.calls.throttled_s[call] += _stood_s(world, slot)
    take_out(world, slot, call)
    _change_running(world, slot, -1)
    _note_next(world, settings, slot)


@compiled
def end_first_in_pods(world: World, settings: SystemSettings) -> int:
    """Take out the call that is done first of those in all pods."""
    slot = _place_of_least(world.quotas.done_at)
    world.times[WORKED] = max(world.times[WORKED], world.quotas.done_at[slot])
    call = world.quotas.first[slot]
    stop_in_pod(world, settings, call)
    return call


@compiled
def turn(world: World, settings: SystemSettings) -> None:
    """A period is over, or else a pod has used up its quota."""
    if world.times[NEXT_PERIOD] <= world.times[NOW]:
        _begin_period(world, settings)
        return
    quotas = world.quotas
    slot = _place_of_least(quotas.halt_at)
    world.times[WORKED] = max(world.times[WORKED], quotas.halt_at[slot])
    _count(world, slot)
    quotas.halted_at[slot] = world.times[WORKED]
    quotas.halted_s[slot] = world.times[NOW]
    world.counts[RUNNING] -= quotas.running[slot]
    _note_next(world, settings, slot)


@compiled
def _begin_period(world: World, settings: SystemSettings) -> None:
    """Give every pod its quota anew; periods are not counted while no pod works."""
    times, busy = world.times, False
    for slot in range(len(world.quotas.running)):
        _count(world, slot)
        world.quotas.used_s[slot] = 0.0
        if world.quotas.halted_at[slot] < ENDLESS:
            _go_on(world, slot)
        if world.quotas.running[slot] > 0:
            busy = True
            _note_next(world, settings, slot)
    is_first = times[NEXT_PERIOD] == ENDLESS
    period = math.floor(times[NOW] / PERIOD_S + _ROUNDING)
    times[NEXT_PERIOD] = (period + 1) * PERIOD_S if busy or is_first else ENDLESS


@compiled
def _go_on(world: World, slot: int) -> None:
    quotas = world.quotas
    quotas.lost[slot] += world.times[WORKED] - quotas.halted_at[slot]
    quotas.stood_s[slot] += world.times[NOW] - quotas.halted_s[slot]
    quotas.halted_at[slot] = ENDLESS
    world.counts[RUNNING] += quotas.running[slot]


@compiled
def _count(world: World, slot: int) -> None:
    """Count what the pod has used since this was done last."""
    quotas, worked = world.quotas, world.times[WORKED]
    if quotas.halted_at[slot] == ENDLESS:
        quotas.used_s[slot] += quotas.running[slot] * (worked - quotas.counted_at[slot])
    quotas.counted_at[slot] = worked


@compiled
def _change_running(world: World, slot: int, change: int) -> None:
    world.quotas.running[slot] += change
    if world.quotas.halted_at[slot] == ENDLESS:
        world.counts[RUNNING] += change


@compiled
def _note_next(world: World, settings: SystemSettings, slot: int) -> None:
    """Note where the work is when a call of the pod is done, and when its quota is used up."""
    quotas, running = world.quotas, world.quotas.running[slot]
    quotas.done_at[slot] = ENDLESS
    quotas.halt_at[slot] = ENDLESS
    if running > 0 and quotas.halted_at[slot] == ENDLESS:
        left_s = max(0.0, settings.quota_s + _ROUNDING_S - quotas.used_s[slot])
        quotas.done_at[slot] = world.calls.done_at[quotas.first[slot]] + quotas.lost[slot]
        quotas.halt_at[slot] = quotas.counted_at[slot] + left_s / running


@compiled
def _own_work(world: World, slot: int) -> float:
    """What a call would have got of this pod, were it there from the start."""
    quotas = world.quotas
    return min(world.times[WORKED], quotas.halted_at[slot]) - quotas.lost[slot]


@compiled
def _stood_s(world: World, slot: int) -> float:
    """How long the pod stood still so far."""
    quotas = world.quotas
    if quotas.halted_at[slot] == ENDLESS:
        return quotas.stood_s[slot]
    return quotas.stood_s[slot] + world.times[NOW] - quotas.halted_s[slot]


@compiled
def _place_of_least(values: Floats) -> int:
    found = 0
    for place in range(len(values)):
        if values[place] < values[found]:
            found = place
    return found
