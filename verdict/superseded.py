"""Arrivals that two members account for: one as unsent, another as what became of it."""

import math

from records.schema import OPEN_REASONS
from shapes.plan import Plan
from shapes.schedule import Schedule
from verdict.run_summary import RunSummary
from verdict.tally import Tally


def drop_superseded(totals: RunSummary, plan: Plan) -> None:
    """Take unsent arrivals that others account for out of the members' sums; in place.

    Sums cannot say which arrivals they count. But what members account for beyond what was
    planned, and call unsent for a reason after which others may have sent it, is counted twice or
    lies beyond a stop that a member did not hear of. Where the files are visible, the reader has
    left such rows out already (`records/superseded.py`).

    Args:
        totals: All members' sums.
        plan: The plan's last version; one without an end says nothing.
    """
    if math.isinf(plan.end_s):
        return
    schedule = Schedule(plan)
    warm_up = schedule.planned_before(min(plan.warm_up_s, plan.end_s))
    _drop(totals.warm_up, planned=warm_up)
    _drop(totals.measured, planned=schedule.planned_before(plan.end_s) - warm_up)


def _drop(tally: Tally, planned: int) -> None:
    surplus = sum(tally.statuses.values()) - planned
    for reason in OPEN_REASONS:
        unsent = tally.unsent.pop(reason, 0)
        dropped = max(0, min(surplus, unsent))
        surplus -= dropped
        if dropped:
            tally.statuses["unsent"] -= dropped
        if unsent > dropped:
            tally.unsent[reason] = unsent - dropped
