"""The autoscaler at work on a system: reports every second, a decision every other."""

from simulator.autoscaler.decide import decide
from simulator.autoscaler.delay import DECISION_S
from simulator.autoscaler.state import Decision, Observed, ScalerState, record
from simulator.compiled import compiled
from simulator.system.pods import leave_pods, make_pods
from simulator.system.settings import SystemSettings
from simulator.system.world import (
    ARRIVED,
    CALL_SECONDS,
    DECISION_COLUMNS,
    DECISIONS,
    IN_SYSTEM,
    NEXT_TICK,
    NOW,
    PROXIED,
    READY,
    REPLICAS,
    World,
)

_COLUMNS = len(DECISION_COLUMNS)


@compiled
def report(world: World, settings: SystemSettings, scaler: ScalerState) -> ScalerState:
    """A second is over: what was observed in it is recorded, and every other time decided upon."""
    times, counts = world.times, world.counts
    second = int(times[NEXT_TICK])
    value = float(counts[ARRIVED]) if settings.by_rate else times[CALL_SECONDS]
    if counts[READY] > 0 or counts[IN_SYSTEM] > 0:
        scaler = record(scaler, second, value)
    times[NEXT_TICK] += 1.0
    times[CALL_SECONDS] = 0.0
    counts[ARRIVED] = 0
    if second % DECISION_S == 0:
        scaler = _scale(world, settings, scaler)
    return scaler


@compiled
def wake(world: World, settings: SystemSettings, scaler: ScalerState) -> ScalerState:
    """A call has come to a revision at zero: the activator tells the autoscaler at once."""
    scaler = record(scaler, int(world.times[NOW]), 1.0)
    return _scale(world, settings, scaler)


@compiled
def _scale(world: World, settings: SystemSettings, scaler: ScalerState) -> ScalerState:
    counts = world.counts
    seen = Observed(counts[READY], counts[REPLICAS])
    scaler, decision = decide(scaler, seen, settings.scaler, world.times[NOW])
    if decision.is_valid:
        counts[PROXIED] = 1 if decision.is_proxied else 0
        counts[REPLICAS] = decision.replicas
        leave_pods(world, decision.replicas)
        make_pods(world, decision.replicas)
    _note(world, decision)
    return scaler


@compiled
def _note(world: World, decision: Decision) -> None:
    """Add a row to the decisions, as long as there is room."""
    row, counts = world.decisions, world.counts
    at = counts[DECISIONS] * _COLUMNS
    if at + _COLUMNS > len(row):
        return
    counts[DECISIONS] += 1
    row[at] = world.times[NOW]
    row[at + 1] = decision.wanted
    row[at + 2] = counts[REPLICAS]
    row[at + 3] = counts[READY]
    row[at + 4] = counts[PROXIED]
    row[at + 5] = decision.activators
    row[at + 6] = 1.0 if decision.in_panic else 0.0
    row[at + 7] = decision.stable_value
    row[at + 8] = decision.panic_value
