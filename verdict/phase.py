"""The measured phase of a plan: its bounds and whether its rate stands still."""

import math

from shapes.plan import Plan
from verdict.windows import Windows


def measured_bounds_s(plan: Plan, windows: Windows) -> tuple[float, float]:
    """Start and end of the measured phase, seconds from the epoch.

    A plan without an end ends with the last window that saw a send.
    """
    end_s = plan.end_s
    if math.isinf(end_s):
        sends = windows.column("sends")
        busy = [place for place, count in enumerate(sends) if count]
        end_s = (busy[-1] + 1) * windows.width_s if busy else 0.0
    return min(plan.warm_up_s, end_s), end_s


def whole_windows(windows: Windows, from_s: float, to_s: float) -> slice:
    """The windows that lie wholly inside an interval."""
    first = math.ceil(from_s / windows.width_s - 1e-9)
    last = min(math.floor(to_s / windows.width_s + 1e-9), len(windows.rows))
    return slice(first, max(first, last))


def rate_is_constant(plan: Plan, from_s: float, to_s: float) -> bool:
    """Whether the plan's rate is one number throughout an interval."""
    ruling = [segment for segment in plan.rates.segments if segment.start_s <= from_s][-1:]
    ruling += [segment for segment in plan.rates.segments if from_s < segment.start_s < to_s]
    rates = {segment.rate_rps for segment in ruling}
    return len(rates) == 1 and all(segment.slope_rps_per_s == 0 for segment in ruling)
