"""The average that weighs recent seconds more: `weighted-exponential`."""

import math

from simulator.autoscaler.window import Window, is_empty
from simulator.compiled import compiled

_KEPT_WEIGHT = 0.9999
_LEAST_WEIGHT = 0.2


@compiled
def newest_weight(length_s: int) -> float:
    """Weight of the newest second: so that a window holds 99.99 % of all weight, at least 0.2."""
    return max(1 - math.pow(1 - _KEPT_WEIGHT, 1 / length_s), _LEAST_WEIGHT)


@compiled
def weighted_average(window: Window, second: int) -> float:
    """The sum of a(1 - a)^age times what was observed, over the seconds of the window."""
    if is_empty(window, second):
        return 0.0
    length = len(window.buckets)
    share = newest_weight(length)
    silent = max(0, second - window.last_s)
    weight = share * (1 - share) ** silent
    total = 0.0
    for age in range(length - silent):
        total += window.buckets[(window.last_s - age) % length] * weight
        weight *= 1 - share
    return total
