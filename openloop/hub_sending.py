"""Arrivals leave from this process's hub: one greenlet each, on users of Locust's classes."""

from __future__ import annotations

import math
from typing import Any

from openloop.arrival import Arrival
from openloop.errors import StartRefused
from openloop.in_flight import InFlight
from openloop.planned_spins import PlannedSpins
from openloop.sending import SendingSetup
from openloop.task_mix import TaskMix
from openloop.time_slice import ask_for_short_slices
from openloop.user_pool import UserPool
from openloop.walk import Walk
from shapes.plan import Plan

WARM_USERS = 4


class HubSending:
    """The `Sending` of `--engine hub`, and of every user class that is not known to be simpler.

    Args:
        setup: What to send, for whom, and who is told.
    """

    deaths = hangs = 0
    """It dies only with its run."""

    def __init__(self, setup: SendingSetup) -> None:
        self._plan = setup.plan
        self._clock = setup.clock
        self._epoch_s = math.inf
        self._pool = UserPool(setup.environment)
        self._mix = TaskMix(setup.environment.user_classes, setup.plan.seed)
        self._in_flight = InFlight(
            setup.environment,
            mix=self._mix,
            pool=self._pool,
            recorder=setup.recorder,
            clock=setup.clock,
            limit=setup.max_in_flight,
        )
        self._walk = Walk(setup, leave=setup.standing.leave, send=self._send)
        self._spins = PlannedSpins(setup.plan)

    def __len__(self) -> int:
        """How many arrivals are under way now."""
        return len(self._in_flight)

    @property
    def next_k(self) -> int:
        """The first arrival that is not dispatched yet."""
        return self._walk.next_k

    @property
    def reached_s(self) -> float:
        """The intended time of the last one that was; -inf before."""
        return self._walk.reached_s

    def prepare(self) -> None:
        """Make some users of each class ahead.

        Raises:
            StartRefused: when a class cannot be made.
        """
        for user_class in self._mix.user_classes:
            self._warm(user_class)
        ask_for_short_slices()  # only where this process sends: an engine beside it comes first

    def _warm(self, user_class: Any) -> None:
        """Make some users ahead; Locust sets their host only after this."""
        user_class.host = self._plan.request.get("host") or user_class.host
        try:
            self._pool.warm(user_class, WARM_USERS)
        except Exception as error:
            raise StartRefused(f"a {user_class.__name__} cannot be made: {error}") from error

    def follow(self, plan: Plan, *, epoch_monotonic_s: float) -> None:
        """Take the newest version of the plan; the first one starts the dispatching."""
        self._plan, self._epoch_s = plan, epoch_monotonic_s
        self._walk.follow(plan, epoch_monotonic_s)

    def join(self) -> None:
        """Wait until the plan's end has come and no newer plan moved it."""
        self._walk.join()

    def drain(self, timeout_s: float) -> int:
        """Wait for what is under way, then cut off the rest; how many were cut off."""
        return self._in_flight.drain(timeout_s)

    def collect(self) -> None:
        """Each arrival's end reaches the recorder by itself."""

    def cpu_s(self) -> float:
        """CPU seconds of this process."""
        return self._clock.cpu_s()

    def close(self) -> None:
        """Give the users and the timer back."""
        self._pool.close()
        self._walk.close()

    def _send(self, k: int, intended_s: float) -> None:
        plan = self._plan
        arrival = Arrival(k, intended_s, seed=plan.seed, run_id=plan.run_id, epoch_s=self._epoch_s)
        arrival.in_measured_phase = intended_s >= plan.warm_up_s
        arrival.planned_spin_s = self._spins.of(k)
        self._in_flight.start(arrival)
