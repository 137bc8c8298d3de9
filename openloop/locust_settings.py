"""Settings of Locust that a run of ours relies on, whatever the command line said."""

from __future__ import annotations

import functools
import logging
from typing import Any

import locust.runners
from locust import argument_parser
from locust.rpc import Message
from locust.runners import MasterRunner, WorkerRunner

from openloop.lease import MASTER_LOST_S
from shapes.errors import InvalidValue

log = logging.getLogger(__name__)

MISSES_S = 2.0
"""Locust may find a worker missing so much later than it counts heartbeats."""
HIGH_SPAWN_RATE = "Your selected spawn rate is very high"


def settle_locust(environment: Any) -> None:
    """Set them; on the local process, the master and the workers alike.

    Raises:
        InvalidValue: for an option of the locustfile's that Locust cannot send to its workers.
    """
    # Read as the drain timeout: Locust's workers would sleep that long once more at every stop.
    environment.stop_timeout = 0.0
    if environment.reset_stats:
        environment.reset_stats = False
        log.warning("--reset-stats would reset at every edit; use --warm-up: resets once, in time")
    logging.getLogger("locust.runners").addFilter(is_no_word_on_tokens)
    if isinstance(environment.runner, MasterRunner):
        _settle_master(environment)
    elif isinstance(environment.runner, WorkerRunner):
        _settle_worker(environment)


def is_no_word_on_tokens(record: logging.LogRecord) -> bool:
    """Leave Locust's warning of high spawn rates out: tokens cost nothing to spawn."""
    return not str(record.msg).startswith(HIGH_SPAWN_RATE)


def _settle_master(environment: Any) -> None:
    options = environment.parsed_options
    for name, value in vars(options).items():
        _check_can_travel(name, value)
    # Users are tokens, so moving them costs nothing, and their number stays the rate.
    options.enable_rebalancing = True
    # Cut off from every worker, Locust would stop the test after 4 s; members wait for 10 s.
    locust.runners.HEARTBEAT_LIVENESS = int(MASTER_LOST_S + MISSES_S)


def _check_can_travel(name: str, value: object) -> None:
    try:
        Message(name, value, "").serialize()  # type: ignore[no-untyped-call]  # as Locust has it
    except (TypeError, ValueError, OverflowError):
        raise InvalidValue(
            f"option {name} is {value!r:.80}, which Locust cannot send to its workers; "
            "valid: an option whose type gives text, a number or a list of those"
        ) from None


def _settle_worker(environment: Any) -> None:
    # Forked workers share the master's options: each would write the file, the last one empty.
    environment.parsed_options.json = False
    environment.parsed_options.json_file = None
    work_defaults_out_once()


def work_defaults_out_once() -> None:
    """Let Locust keep the defaults of its options.

    With each of the master's spawn messages, at the start and at every step of an edit, a worker
    asks for them once an option, and each time a new parser works them out: 50 ms in which
    nothing is sent, 200 ms on a busy machine.
    """
    defaults = argument_parser.default_args_dict
    if not hasattr(defaults, "cache_info"):
        argument_parser.default_args_dict = functools.cache(defaults)
