"""What the autoscaler is told: the Service's annotations and the cluster's defaults."""

from typing import NamedTuple


class ScalerSettings(NamedTuple):
    """Settings of one revision's autoscaler, with the defaults of Knative 1.22.

    A named tuple of plain numbers, for compiled code takes it as it is.

    Attributes:
        target_value: What each pod is kept at, utilization taken into account: calls at once, or
            calls a second where that is the metric.
        total_value: What each pod can take: the same without utilization.
        target_burst_capacity: Calls at once that ready pods must have room for beyond the load,
            else the activator stays in the path; 0: only at zero pods; -1: always.
        max_scale_up_rate, max_scale_down_rate: Most pods a decision may ask for and take away, as
            a factor of the ready ones.
        panic_threshold: Panic begins where the panic window asks for so many times the ready pods.
        stable_window_s, panic_window_s: Lengths of the two averages, whole seconds.
        scale_down_delay_s: How long a lower number must have been enough; 0 for no delay.
        is_weighted: Whether the averages weigh recent seconds more (`weighted-exponential`).
        activation_scale: Least pods for any load at all; 1 for no such bound.
        initial_scale: Pods to reach once before anything else counts.
        min_scale, max_scale: Bounds; a `max_scale` of 0 is none.
        scales_to_zero: Whether the last pod may go.
        grace_s: How long the activator must have been in the path before the last pod goes.
        retention_s: How long the last pod stays at least once there is nothing to do.
        is_reachable: Whether a route leads here; without one pods go as fast as they can.
        activator_capacity: Calls at once that one activator is counted on for.
    """

    target_value: float
    total_value: float
    target_burst_capacity: float = 211.0
    max_scale_up_rate: float = 1000.0
    max_scale_down_rate: float = 2.0
    panic_threshold: float = 2.0
    stable_window_s: int = 60
    panic_window_s: int = 6
    scale_down_delay_s: float = 0.0
    is_weighted: bool = False
    activation_scale: int = 1
    initial_scale: int = 1
    min_scale: int = 0
    max_scale: int = 0
    scales_to_zero: bool = True
    grace_s: float = 30.0
    retention_s: float = 0.0
    is_reachable: bool = True
    activator_capacity: float = 100.0
