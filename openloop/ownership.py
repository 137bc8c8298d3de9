"""From when on a member has arrivals to send."""

import math

from shapes.plan import Plan


def next_owned_s(plan: Plan, member: str, from_s: float) -> float:
    """When, from a moment on, the plan first lists the member; inf when it does not any more."""
    ends_s = [change.at_s for change in plan.members[1:]] + [math.inf]
    for change, end_s in zip(plan.members, ends_s, strict=True):
        if member in change.ids and end_s > from_s:
            return max(change.at_s, from_s)
    return math.inf
