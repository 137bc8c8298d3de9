"""Locust's own view of its workers, put right for runs whose arrivals do not hang on it."""

from __future__ import annotations

from typing import Any

import locust.runners
from locust import __version__
from locust.rpc import Message
from locust.runners import MasterRunner

from openloop.lease import MASTER_LOST_S

MISSES_S = 2.0
"""Locust may find a worker missing so much later than it counts heartbeats."""


def prepare_locust(environment: Any) -> None:
    """Set what a run relies on; on the local process or the master.

    `--stop-timeout` is read as the drain timeout: left to Locust, its workers would sleep that
    long once more at every stop, idle or not. Users are tokens, so moving them costs nothing:
    Locust rebalances them when a worker comes or goes, and its user count stays the rate.
    """
    environment.stop_timeout = 0.0
    if isinstance(environment.runner, MasterRunner):
        environment.parsed_options.enable_rebalancing = True
        # Cut off from every worker, Locust would stop the test after 4 s; members wait for 10 s.
        locust.runners.HEARTBEAT_LIVENESS = int(MASTER_LOST_S + MISSES_S)


def end_run(environment: Any) -> None:
    """End the run as Locust's run timer does: without its page, the process ends too."""
    runner = environment.runner
    if environment.web_ui is None:
        runner.quit()
    else:
        runner.stop()


def let_locust_know_lost(runner: Any, client_id: str) -> None:
    """Let Locust move a lost worker's users at once, however slowly they were spawned."""
    client = runner.clients.get(client_id)
    if client is not None:
        client.heartbeat = -1
        runner.spawn_rate = max(runner.spawn_rate, float(runner.target_user_count))


def let_locust_know_back(runner: Any, client_id: str) -> None:
    """Register a worker again that Locust has forgotten: after a minute's silence it does."""
    if client_id not in runner.clients:
        runner.handle_message(client_id, Message("client_ready", __version__, client_id))
