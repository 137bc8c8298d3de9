"""From one event to the next, until all calls are settled."""

from simulator.autoscaler.state import ScalerState
from simulator.compiled import compiled
from simulator.system.calls import answer, arrive, dispatch, give_up, skip_settled
from simulator.system.cores import next_done_in_pods_s, next_done_s, next_turn_s, rate
from simulator.system.pods import get_ready, standing_first
from simulator.system.quotas import turn
from simulator.system.references import settings_by_reference, world_by_reference
from simulator.system.scaling import report, wake
from simulator.system.settings import ENDLESS, SystemSettings
from simulator.system.world import (
    CALL_SECONDS,
    EVENTS,
    IN_SYSTEM,
    NEXT_CALL,
    NEXT_READY,
    NEXT_TICK,
    NOW,
    OLDEST,
    PROXIED,
    REPLICAS,
    WORKED,
    World,
)


@compiled
def run(world: World, settings: SystemSettings, scaler: ScalerState) -> ScalerState:
    """Let time pass until the duration is over and every call is settled, or to the horizon.

    Of events at one moment, those that make room come first.
    """
    return _run(world_by_reference(world), settings_by_reference(settings), scaler)


@compiled
def _run(world: World, settings: SystemSettings, scaler: ScalerState) -> ScalerState:
    _begin(world, settings)
    # Asked here and not where it matters, in each event: compiled code is a fifth faster so.
    has_quota = settings.quota_s < ENDLESS
    while not _is_over(world, settings):
        if has_quota:
            done_s, turn_s = next_done_in_pods_s(world, settings), next_turn_s(world, settings)
        else:
            done_s, turn_s = next_done_s(world, settings), ENDLESS
        ready_s, tick_s = world.times[NEXT_READY], world.times[NEXT_TICK]
        gives_up_s, arrives_s = _next_given_up_s(world, settings), _next_arrival_s(world)
        at_s = min(done_s, turn_s, ready_s, gives_up_s, arrives_s, tick_s)
        if at_s > settings.horizon_s:
            break
        _pass_time(world, settings, at_s)
        if at_s == done_s:
            answer(world, settings)
        elif at_s == turn_s:
            turn(world, settings)
        elif at_s == ready_s:
            get_ready(world)
            dispatch(world, settings)
        elif at_s == gives_up_s:
            give_up(world, settings)
        elif at_s == arrives_s:
            arrive(world, settings)
            if settings.is_scaled and world.counts[REPLICAS] == 0:
                scaler = wake(world, settings, scaler)
        else:
            scaler = report(world, settings, scaler)
    return scaler


@compiled
def _begin(world: World, settings: SystemSettings) -> None:
    world.counts[PROXIED] = 1 if settings.is_proxied else 0
    world.counts[REPLICAS] = settings.first_pods
    if not settings.is_scaled:
        world.times[NEXT_TICK] = ENDLESS
    standing_first(world, settings.first_pods)


@compiled
def _is_over(world: World, settings: SystemSettings) -> bool:
    if world.counts[NEXT_CALL] < len(world.calls.due_s) or world.counts[IN_SYSTEM] > 0:
        return False
    return not settings.is_scaled or world.times[NOW] >= settings.duration_s


@compiled
def _next_arrival_s(world: World) -> float:
    call, due_s = world.counts[NEXT_CALL], world.calls.due_s
    return due_s[call] if call < len(due_s) else ENDLESS


@compiled
def _next_given_up_s(world: World, settings: SystemSettings) -> float:
    skip_settled(world)
    oldest = world.counts[OLDEST]
    if oldest == world.counts[NEXT_CALL]:
        return ENDLESS
    return world.calls.due_s[oldest] + settings.deadline_s


@compiled
def _pass_time(world: World, settings: SystemSettings, at_s: float) -> None:
    times, counts = world.times, world.counts
    passed_s = at_s - times[NOW]
    times[WORKED] += passed_s * rate(world, settings)
    times[CALL_SECONDS] += passed_s * counts[IN_SYSTEM]
    times[NOW] = at_s
    counts[EVENTS] += 1
