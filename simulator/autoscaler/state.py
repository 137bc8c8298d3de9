"""What an autoscaler remembers, sees and decides, as values."""

from typing import NamedTuple

from simulator.autoscaler.delay import delay_slots
from simulator.autoscaler.panic import Panic, first_panic
from simulator.autoscaler.settings import ScalerSettings
from simulator.autoscaler.window import Window, empty_window
from simulator.autoscaler.window import record as record_in
from simulator.autoscaler.zero import NOT, Activity
from simulator.compiled import Wholes, compiled


class ScalerState(NamedTuple):
    """What an autoscaler remembers between decisions.

    Attributes:
        stable, burst: The long and the short window of what was observed.
        panic: Where panic stands.
        delayed: Pods asked for by the decisions within the scale-down delay.
        last_decision: Number of the last of them.
        activity: Where the revision stands on its way to zero and back.
    """

    stable: Window
    burst: Window
    panic: Panic
    delayed: Wholes
    last_decision: int
    activity: Activity


class Observed(NamedTuple):
    """What an autoscaler sees when it decides, beside what was recorded.

    Attributes:
        ready: Pods that are ready.
        replicas: Pods that the deployment is told to have.
    """

    ready: int
    replicas: int


class Decision(NamedTuple):
    """What an autoscaler decides.

    Attributes:
        is_valid: False where it has no data: then nothing changes.
        desired: Pods the load asks for, before the bounds of the revision.
        wanted: Pods wanted, bounds and the way to zero taken into account.
        replicas: What the deployment is told to have.
        excess: Excess burst capacity, calls at once.
        is_proxied: Whether the activator is in the path.
        activators: Activators that the revision is to be spread over.
        in_panic: Whether it panics.
        stable_value, panic_value: The two averages.
    """

    is_valid: bool
    desired: int
    wanted: int
    replicas: int
    excess: int
    is_proxied: bool
    activators: int
    in_panic: bool
    stable_value: float
    panic_value: float


def first_state(settings: ScalerSettings, ready: int, now_s: float = 0.0) -> ScalerState:
    """An autoscaler that has just begun, with so many pods ready."""
    return ScalerState(
        empty_window(settings.stable_window_s),
        empty_window(settings.panic_window_s),
        first_panic(ready, now_s),
        delay_slots(settings.scale_down_delay_s),
        -1,
        Activity(
            active_s=now_s if ready else NOT,
            inactive_s=NOT if ready else now_s,
            proxied_s=now_s,
            has_reached_initial=ready >= settings.initial_scale,
        ),
    )


@compiled
def record(state: ScalerState, second: int, value: float) -> ScalerState:
    """The state with what was observed in a second: calls at once on average, or calls."""
    return ScalerState(
        record_in(state.stable, second, value),
        record_in(state.burst, second, value),
        state.panic,
        state.delayed,
        state.last_decision,
        state.activity,
    )
