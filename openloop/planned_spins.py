"""The work that a trace has for each arrival, looked up as they fall due."""

import math

from shapes.plan import Plan
from shapes.schedule import Schedule

LOOK_AHEAD = 512


class PlannedSpins:
    """What the calls of one run are asked to do, as far as its plan says.

    Args:
        plan: Any version of the run's plan: they all have the same trace.
    """

    def __init__(self, plan: Plan) -> None:
        has_spins = plan.trace is not None and bool(plan.trace.spins_us)
        self._schedule = Schedule(plan) if has_spins else None
        self._first_k = 0
        self._spins_s: list[float] = []

    def of(self, k: int) -> float | None:
        """Seconds of work of arrival k; None where the plan does not say."""
        if self._schedule is None:
            return None
        if not self._first_k <= k < self._first_k + len(self._spins_s):
            found = self._schedule.spins_s(k, LOOK_AHEAD)
            self._first_k, self._spins_s = k, [] if found is None else found.tolist()
        spin_s = self._spins_s[k - self._first_k] if self._spins_s else math.nan
        return None if math.isnan(spin_s) else spin_s
