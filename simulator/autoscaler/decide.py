"""Knative's pod autoscaler as a function: what it knows and observes in, what it decides out."""

from typing import NamedTuple

from simulator.autoscaler.burst import activators_asked, excess_burst_capacity, is_proxied
from simulator.autoscaler.delay import DECISION_S, remember
from simulator.autoscaler.panic import CALM, Panic, updated_panic, with_pods
from simulator.autoscaler.pod_counts import (
    at_least_activation,
    pods_for,
    within_bounds,
    within_rates,
)
from simulator.autoscaler.settings import ScalerSettings
from simulator.autoscaler.state import Decision, Observed, ScalerState
from simulator.autoscaler.weighted import weighted_average
from simulator.autoscaler.window import average, is_empty
from simulator.autoscaler.zero import NOT, Activity, Ask, Outcome, after_decision, ask_for
from simulator.compiled import compiled


@compiled
def decide(
    state: ScalerState, observed: Observed, settings: ScalerSettings, now_s: float
) -> tuple[ScalerState, Decision]:
    """The next state and the decision at a moment, in the steps that Knative takes."""
    second = int(now_s)
    if is_empty(state.stable, second):
        return state, _unchanged(state, observed, settings)
    values = _averages(state, settings, second)
    counts = _counts(values, observed.ready, settings)
    panic, desired = _panicking(state.panic, counts, settings, now_s)
    delayed = remember(state.delayed, state.last_decision, second // DECISION_S, desired)
    if settings.scale_down_delay_s > 0:
        desired = max(delayed)
    load = _Load(desired, values[0], values[1], panic.since_s != CALM)
    activity, decision = _in_force(load, observed, settings, state.activity, now_s)
    return (
        ScalerState(state.stable, state.burst, panic, delayed, second // DECISION_S, activity),
        decision,
    )


class _Load(NamedTuple):
    """Pods that the load asks for, its two averages, and whether it is cause for panic."""

    desired: int
    stable_value: float
    panic_value: float
    in_panic: bool


class _Counts(NamedTuple):
    """Pods by the long and by the short window; what the latter asks for over the ready ones."""

    stable: int
    burst: int
    excess: float


@compiled
def _unchanged(state: ScalerState, observed: Observed, settings: ScalerSettings) -> Decision:
    return Decision(
        False,
        observed.replicas,
        observed.replicas,
        observed.replicas,
        -1,
        state.activity.proxied_s != NOT,
        activators_asked(observed.ready, settings),
        state.panic.since_s != CALM,
        0.0,
        0.0,
    )


@compiled
def _averages(state: ScalerState, settings: ScalerSettings, second: int) -> tuple[float, float]:
    if settings.is_weighted:
        return weighted_average(state.stable, second), weighted_average(state.burst, second)
    return average(state.stable, second), average(state.burst, second)


@compiled
def _counts(values: tuple[float, float], ready: int, settings: ScalerSettings) -> _Counts:
    base = max(1, ready)
    by_stable = pods_for(values[0], settings.target_value)
    by_burst = pods_for(values[1], settings.target_value)
    stable = at_least_activation(within_rates(by_stable, base, settings), by_stable, settings)
    burst = at_least_activation(within_rates(by_burst, base, settings), by_burst, settings)
    return _Counts(stable, burst, by_burst / base)


@compiled
def _panicking(
    panic: Panic, counts: _Counts, settings: ScalerSettings, now_s: float
) -> tuple[Panic, int]:
    """Panic after this decision, and the pods: the stable count, or the most asked for in it."""
    panic = updated_panic(panic, counts.excess, settings, now_s)
    if panic.since_s == CALM:
        return panic, counts.stable
    panic = with_pods(panic, max(counts.stable, counts.burst))
    return panic, panic.most_pods


@compiled
def _in_force(
    load: _Load, observed: Observed, settings: ScalerSettings, activity: Activity, now_s: float
) -> tuple[Activity, Decision]:
    """The decision that a number of desired pods comes to, and what it makes of the revision."""
    ask, activity = _asked(load.desired, observed, settings, activity, now_s)
    excess = excess_burst_capacity(observed.ready, load.panic_value, settings)
    proxied = is_proxied(ask.wanted, excess)
    outcome = Outcome(ask.wanted, observed.ready, max(1, settings.min_scale), proxied)
    return after_decision(activity, outcome, now_s), Decision(
        True,
        load.desired,
        ask.wanted,
        ask.wanted if ask.is_applied else observed.replicas,
        excess,
        proxied,
        activators_asked(observed.ready, settings),
        load.in_panic,
        load.stable_value,
        load.panic_value,
    )


@compiled
def _asked(
    desired: int, observed: Observed, settings: ScalerSettings, activity: Activity, now_s: float
) -> tuple[Ask, Activity]:
    """What is asked of the deployment: inside the bounds, and not to zero too early."""
    reached = activity.has_reached_initial or observed.ready >= settings.initial_scale
    activity = Activity(activity.active_s, activity.inactive_s, activity.proxied_s, reached)
    least = settings.min_scale if reached else max(settings.min_scale, settings.initial_scale)
    return ask_for(within_bounds(desired, least, settings.max_scale), activity, settings, now_s)
