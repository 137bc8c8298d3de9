"""Locust's side of the door: registers the options and starts the engine.

Importing `openloop.user` adds three listeners to Locust's events and does nothing else, which is
how Locust plugins are switched on.
"""

from typing import Any

import gevent
from locust import events
from locust.runners import WorkerRunner

from openloop.engine import REFUSALS, Engine, exit_refused
from openloop.forked_workers import end_forks_with_us
from openloop.live_reporter import tell_the_master
from openloop.mixin import OpenLoop
from openloop.option_table import register_options
from openloop.options import GROUP_TITLE, OPTIONS
from openloop.signals import install_signal_handlers
from openloop.web_address import default_to_loopback
from openloop.web_login import check_login
from openloop.web_side import start_web_side
from openloop.worker_engine import WorkerEngine


def add_options(parser: Any, **_: Any) -> None:
    """Add the engine's options to Locust's parser."""
    register_options(parser, GROUP_TITLE, OPTIONS)
    end_forks_with_us()
    default_to_loopback(parser)
    # The locustfile has been read: every listener of its own comes before this one.
    _listen(events.init, check_login_is_set_up)


def count_time_from_now(**_: Any) -> None:
    """Have Locust's run timer count from now, for every kind of user.

    gevent counts from when its loop last looked at the clock, which was before the imports: where
    these take two seconds, `--run-time 2s` is over at once.
    """
    gevent.get_hub().loop.update_now()


def start_engine(environment: Any, web_ui: Any, **_: Any) -> None:
    """Start the engine where the locustfile has an open-loop user; else leave Locust as it is."""
    if not any(issubclass(user_class, OpenLoop) for user_class in environment.user_classes):
        return
    try:
        engine = _new_engine(environment)
        install_signal_handlers(environment, web_ui, engine.stop_run)
        _start_live_figures(environment, web_ui, engine)
    except REFUSALS as error:
        exit_refused(error)


def check_login_is_set_up(web_ui: Any, **_: Any) -> None:
    """Say in one line what `--web-login` lacks, before the page listens."""
    try:
        check_login(web_ui)
    except REFUSALS as error:
        exit_refused(error)


def _start_live_figures(environment: Any, web_ui: Any, engine: Engine | WorkerEngine) -> None:
    if isinstance(engine, Engine):
        start_web_side(environment, web_ui, engine)
    else:
        tell_the_master(environment.runner, engine.agent)


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
    _listen(events.init_command_line_parser, add_options)
    _listen(events.init, count_time_from_now)
    _listen(events.init, start_engine)


def _listen(hook: Any, listener: Any) -> None:
    if listener not in hook._handlers:  # noqa: SLF001 - Locust offers no look at it
        hook.add_listener(listener)
