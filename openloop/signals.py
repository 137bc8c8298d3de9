"""Ctrl-C and SIGTERM: the first ends the run as a stop does, the second ends the process."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import gevent
from locust.runners import STATE_INIT, MasterRunner, WorkerRunner

HANDLED = (signal.SIGINT, signal.SIGTERM)


def install_signal_handlers(
    environment: Any,
    web_ui: Any,
    stop_run: Callable[[str], None],
) -> None:
    """Take both signals over from Locust.

    With a load shape, headless Locust has no handler for SIGTERM while it runs: it would die
    without its statistics, and as the first process of a container not at all.

    Args:
        environment: Locust's environment.
        web_ui: Locust's web page, or None.
        stop_run: Ends the run under way, if any; given the signal's name, returns when drained.
    """
    seen: list[int] = []

    def on_signal(number: int) -> None:
        if number == signal.SIGINT and _is_forked_worker(environment):
            return  # Ctrl-C reaches the whole group; the master ends the run for all
        seen.append(number)
        if len(seen) > 1:
            os._exit(128 + number)
        stop_run(signal.Signals(number).name)
        _let_main_go_on(environment, web_ui, number)

    for number in HANDLED:
        gevent.signal_handler(number, on_signal, number)


def _let_main_go_on(environment: Any, web_ui: Any, number: int) -> None:
    """End what Locust's main function waits for: it then shuts down on its usual way.

    For SIGTERM Locust does that itself, but while a shape runs headless.
    """
    runner = environment.runner
    shape_greenlet = runner.shape_greenlet
    if shape_greenlet is not None and web_ui is None:
        shape_greenlet.kill(block=False)
    elif isinstance(runner, MasterRunner) and runner.state == STATE_INIT and web_ui is None:
        runner.quit()  # still waiting for its workers: nothing would end that
        sys.exit(128 + number)
    elif number == signal.SIGTERM:
        return
    elif web_ui is not None:
        web_ui.stop()
    else:
        runner.quit()


def _is_forked_worker(environment: Any) -> bool:
    options = environment.parsed_options
    return isinstance(environment.runner, WorkerRunner) and bool(options.processes)
