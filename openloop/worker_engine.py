"""The engine of a Locust worker process: one agent, and its ways to end."""

from __future__ import annotations

from typing import Any

from openloop.agent import Agent
from openloop.clock import SYSTEM_CLOCK, Clock
from openloop.locust_settings import settle_locust
from verdict.exit_codes import INVALID


class WorkerEngine:
    """Set as `environment.open_loop` on a worker.

    Args:
        environment: Locust's environment.
        clock: Where time comes from.
    """

    def __init__(self, environment: Any, clock: Clock = SYSTEM_CLOCK) -> None:
        self.environment = environment
        settle_locust(environment)
        self.agent = Agent(environment, clock, on_master_lost=self._on_master_lost)
        environment.events.quitting.add_listener(self._on_quitting)

    def stop_run(self, stopped_by: str) -> None:  # noqa: ARG002 - as on the master
        """Go: hand the arrivals on and drain; returns when that is done."""
        self.agent.leave()

    def _on_quitting(self, **_: Any) -> None:
        self.agent.leave()

    def _on_master_lost(self) -> None:
        self.environment.process_exit_code = INVALID
        self.environment.runner.quit()
