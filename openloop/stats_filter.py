"""Keeps out of Locust's statistics what does not belong there: they count whatever ends, whenever.

Warm-up arrivals that end after the warm-up, and calls of an earlier run that end in the next one,
stay in the records of their run and out of the tables.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from openloop.arrival import current_arrival

LogCall = Callable[..., None]


class StatsFilter:
    """Stands before the two methods by which Locust's runner counts requests.

    Args:
        stats: Locust's RequestStats; its `log_request` and `log_error` are replaced on the object.
    """

    def __init__(self, stats: Any) -> None:
        self._stats = stats
        self._run_id: str | None = None
        self._measured_only = False
        stats.log_request = self._guarded(stats.log_request)
        stats.log_error = self._guarded(stats.log_error)

    def new_run(self, run_id: str) -> None:
        """From now on count only this run's arrivals, of every phase."""
        self._run_id = run_id
        self._measured_only = False

    def end_warm_up(self) -> None:
        """Forget what was counted, and count only arrivals of the measured phase from now on."""
        self._stats.reset_all()
        self._measured_only = True

    def _guarded(self, log_call: LogCall) -> LogCall:
        @wraps(log_call)
        def log_if_wanted(*args: Any, **kwargs: Any) -> None:
            if self._wanted():
                log_call(*args, **kwargs)

        return log_if_wanted

    def _wanted(self) -> bool:
        arrival = current_arrival()
        if arrival is None:
            return True
        return arrival.run_id == self._run_id and (
            arrival.in_measured_phase or not self._measured_only
        )
