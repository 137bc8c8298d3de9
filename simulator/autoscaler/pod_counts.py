"""From load to pods: how many it asks for, and how many a single decision may."""

import math

from simulator.autoscaler.settings import ScalerSettings
from simulator.compiled import compiled


@compiled
def pods_for(value: float, target_value: float) -> int:
    """Pods that keep each at its target."""
    return math.ceil(value / target_value)


@compiled
def within_rates(pods: int, ready: int, settings: ScalerSettings) -> int:
    """The number of pods no further from the ready ones than one decision may go.

    Rounded so that at least one pod more, or one less, is always allowed. `ready` is at least 1.
    """
    most = math.ceil(settings.max_scale_up_rate * ready)
    least = math.floor(ready / settings.max_scale_down_rate) if settings.is_reachable else 0
    return min(max(pods, least), most)


@compiled
def at_least_activation(pods: int, asked: int, settings: ScalerSettings) -> int:
    """The activation scale for any load at all, where one is set.

    Args:
        pods: What one decision may ask for.
        asked: What the load asks for, before that.
        settings: Of the revision.
    """
    if settings.activation_scale > 1 and asked > 0:
        return max(pods, settings.activation_scale)
    return pods


@compiled
def within_bounds(pods: int, least: int, most: int) -> int:
    """The number of pods inside the bounds; a `most` of 0 is none."""
    if pods < least:
        return least
    if most != 0 and pods > most:
        return most
    return pods
