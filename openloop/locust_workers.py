"""Locust's own view of its workers, put right for runs whose arrivals do not hang on it."""

from __future__ import annotations

from typing import Any

from locust import __version__
from locust.rpc import Message


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
        hello = Message("client_ready", __version__, client_id)  # type: ignore[no-untyped-call]  # as Locust has it
        runner.handle_message(client_id, hello)
