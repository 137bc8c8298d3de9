"""The work that a trace has for each arrival, looked up as they fall due."""

import math

from openloop.look_ahead import LookAhead
from shapes.plan import Plan
from shapes.schedule import Schedule


class PlannedSpins:
    """What the calls of one run are asked to do, as far as its plan says.

    Args:
        plan: Any version of the run's plan: they all have the same trace.
    """

    def __init__(self, plan: Plan) -> None:
        has_spins = plan.trace is not None and bool(plan.trace.spins_us)
        self._schedule = Schedule(plan) if has_spins else None
        self._spins_s = LookAhead(self._made)

    def of(self, k: int) -> float | None:
        """Seconds of work of arrival k; None where the plan does not say."""
        if self._schedule is None:
            return None
        spin_s = self._spins_s.of(k)
        return None if math.isnan(spin_s) else spin_s

    def _made(self, first_k: int, count: int) -> list[float]:
        assert self._schedule is not None, "asked for only where there is one"
        found = self._schedule.spins_s(first_k, count)
        return [] if found is None else found.tolist()
