"""Excess burst capacity: whether ready pods could take a burst, and who stands in the path."""

import math

from simulator.autoscaler.settings import ScalerSettings
from simulator.compiled import compiled

LEAST_ACTIVATORS = 2


@compiled
def excess_burst_capacity(ready: int, panic_value: float, settings: ScalerSettings) -> int:
    """Calls at once that ready pods could take beyond the load and the burst asked for."""
    burst = settings.target_burst_capacity
    if burst == 0:
        return 0
    if burst < 0:
        return -1
    return math.floor(ready * settings.total_value - burst - panic_value)


@compiled
def is_proxied(wanted: int, excess: int) -> bool:
    """Whether the activator is in the path ("Proxy"), and not the pods alone ("Serve")."""
    return wanted == 0 or excess < 0


@compiled
def activators_asked(ready: int, settings: ScalerSettings) -> int:
    """Activators that a revision is to be spread over; how many there are is another matter."""
    calls = ready * settings.total_value + max(0.0, settings.target_burst_capacity)
    return max(LEAST_ACTIVATORS, math.ceil(calls / settings.activator_capacity))
