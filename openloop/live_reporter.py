"""A worker process tells the master, once a second, how its part of a run goes."""

from __future__ import annotations

from typing import Any

import gevent

from openloop import messages
from openloop.agent import Agent
from openloop.live_probe import watch_for_ever
from openloop.live_state import MemberState
from openloop.member import MemberRun


def tell_the_master(runner: Any, agent: Agent) -> None:
    """Tell of runs that are watched; a headless master without metrics watches none.

    Args:
        runner: Locust's worker runner; carries the messages.
        agent: Has the run under way, if any.
    """
    watched = ""

    def on_watched(environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG001 - Locust's listener signature
        nonlocal watched
        watched = msg.data["run_id"]

    def current() -> MemberRun | None:
        run = agent.run
        return run if run is not None and run.plan.run_id == watched else None

    def tell(state: MemberState) -> None:
        runner.send_message(messages.LIVE, state.to_dict())

    runner.register_message(messages.WATCHED, on_watched)
    gevent.spawn(watch_for_ever, current, tell)
