"""A worker process tells the master, once a second, how its part of a run goes."""

from __future__ import annotations

from typing import Any

import gevent

from openloop import messages
from openloop.agent import Agent
from openloop.clock import SYSTEM_CLOCK
from openloop.live_probe import watch_for_ever
from openloop.live_state import MemberState


def tell_the_master(runner: Any, agent: Agent) -> None:
    """Start telling.

    Args:
        runner: Locust's worker runner; carries the messages.
        agent: Has the run under way, if any.
    """

    def tell(state: MemberState) -> None:
        runner.send_message(messages.LIVE, state.to_dict())

    gevent.spawn(watch_for_ever, lambda: agent.run, tell, SYSTEM_CLOCK)
