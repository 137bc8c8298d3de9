"""Arrivals that an engine took on and did not live to tell of."""

import numpy as np

from shapes.plan import Plan
from shapes.schedule import Schedule

BLOCK = 65_536
WHAT_BECAME = "an engine process died that alone knew of them"


def count_owned(plan: Plan, member: str, first_k: int, upto_k: int) -> int:
    """How many arrivals of a range are a member's.

    Args:
        plan: The plan.
        member: Whose arrivals count.
        first_k: The first of the range.
        upto_k: Behind the last one.
    """
    schedule, count = Schedule(plan), 0
    for k in range(first_k, upto_k, BLOCK):
        arrivals = schedule.arrivals(k, min(BLOCK, upto_k - k))
        count += int(np.count_nonzero(schedule.owned(arrivals, member)))
    return count
