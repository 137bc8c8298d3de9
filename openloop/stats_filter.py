"""Makes Locust's statistics count arrivals: they count whatever ends, whenever.

Warm-up arrivals that end after the warm-up, and calls of an earlier run that end in the next one,
stay in the records of their run and out of the tables. Of all that an arrival's client reports, one
event counts in the Aggregated row, so that its rate is that of arrivals; each has its own row.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
from locust.stats import StatsEntry
from numpy.typing import NDArray

from openloop.arrival import Arrival, current_arrival
from shapes.plan import Plan

LogCall = Callable[..., None]


class StatsFilter:
    """Stands before the two methods by which Locust's runner counts requests.

    Args:
        stats: Locust's RequestStats; its `log_request` and `log_error` are replaced on the object.
    """

    def __init__(self, stats: Any) -> None:
        self._stats = stats
        self._aside = StatsEntry(stats, "aside", "", use_response_times_cache=False)
        self._run_id: str | None = None
        self._measured_only = False
        stats.log_request = self._guarded(stats.log_request, is_request=True)
        stats.log_error = self._guarded(stats.log_error, is_request=False)

    def new_run(self, run_id: str) -> None:
        """From now on count only this run's arrivals, of every phase."""
        self._run_id = run_id
        self._measured_only = False

    def end_warm_up(self) -> None:
        """Forget what was counted, and count only arrivals of the measured phase from now on."""
        self._stats.reset_all()
        self._measured_only = True

    def wanted(self, plan: Plan, intended_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which arrivals of a plan are counted now, by their intended times."""
        if plan.run_id != self._run_id:
            return np.zeros(len(intended_s), np.bool_)
        if not self._measured_only:
            return np.ones(len(intended_s), np.bool_)
        return np.asarray(intended_s >= plan.warm_up_s)

    def _guarded(self, log_call: LogCall, *, is_request: bool) -> LogCall:
        @wraps(log_call)
        def log_if_wanted(*args: Any, **kwargs: Any) -> None:
            arrival = current_arrival()
            if arrival is None:
                log_call(*args, **kwargs)
            elif self._wanted(arrival):
                if is_request:
                    arrival.note_event()
                self._log(log_call, arrival, args, kwargs)

        return log_if_wanted

    def _log(
        self, log_call: LogCall, arrival: Arrival, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if arrival.event_is_its_own:
            log_call(*args, **kwargs)
            return
        total, self._stats.total = self._stats.total, self._aside
        try:
            log_call(*args, **kwargs)
        finally:
            self._stats.total = total

    def _wanted(self, arrival: Arrival) -> bool:
        return arrival.run_id == self._run_id and (
            arrival.in_measured_phase or not self._measured_only
        )
