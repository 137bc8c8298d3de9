"""Locust's side of the door: registers the options and starts the engine.

Importing `openloop` adds two listeners to Locust's events and does nothing else, which is how
Locust plugins are switched on.
"""

from typing import Any

from locust import events
from locust.runners import WorkerRunner

from openloop.engine import REFUSALS, Engine, exit_refused
from openloop.option_table import register_options
from openloop.options import GROUP_TITLE, OPTIONS
from openloop.signals import install_signal_handlers
from openloop.user import OpenLoop
from openloop.web_form import guard_swarm
from openloop.worker_engine import WorkerEngine


def add_options(parser: Any, **_: Any) -> None:
    """Add the engine's options to Locust's parser."""
    register_options(parser, GROUP_TITLE, OPTIONS)


def start_engine(environment: Any, web_ui: Any, **_: Any) -> None:
    """Start the engine where the locustfile has an open-loop user; else leave Locust as it is."""
    if not any(issubclass(user_class, OpenLoop) for user_class in environment.user_classes):
        return
    try:
        engine = _new_engine(environment)
    except REFUSALS as error:
        exit_refused(error)
    else:
        install_signal_handlers(environment, web_ui, engine.stop_run)
        if isinstance(engine, Engine) and web_ui is not None:
            guard_swarm(environment, web_ui, engine.check_start)


def _new_engine(environment: Any) -> Engine | WorkerEngine:
    if isinstance(environment.runner, WorkerRunner):
        worker_engine = WorkerEngine(environment)
        environment.open_loop = worker_engine
        return worker_engine
    engine = Engine(environment)
    environment.open_loop = engine
    engine.check_start(environment.parsed_options)
    engine.fill_options()
    return engine


def install() -> None:
    """Add the listeners; a second call changes nothing."""
    for hook, listener in (
        (events.init_command_line_parser, add_options),
        (events.init, start_engine),
    ):
        if listener not in hook._handlers:  # noqa: SLF001 - Locust offers no look at it
            hook.add_listener(listener)  # type: ignore[no-untyped-call]  # as Locust has it
