"""Where gRPC calls take part in Locust's and the engine's life: options, before and after a run.

Importing `grpc_user.user` adds these listeners and does nothing else, which is how Locust plugins
are switched on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from locust import events
from locust.runners import MasterRunner, WorkerRunner

from grpc_user.config import GrpcConfig
from grpc_user.embedded_workers import end_embedded_worker
from grpc_user.engine.choice import check_engine
from grpc_user.engine.process_sending import ProcessSending
from grpc_user.engine.requests import SPIN_PATH
from grpc_user.errors import GrpcUserError
from grpc_user.gevent_ready import check_patched
from grpc_user.options import GROUP_TITLE, OPTIONS, PROCESS, YES
from grpc_user.session import GrpcSession, close_session, open_session, session_of
from openloop.errors import StartRefused
from openloop.hooks import AFTER_RUN, BEFORE_EPOCH, CHECK_OPTIONS, MAKE_SENDING
from openloop.option_table import register_options
from openloop.sending import Sending, SendingSetup


class GrpcClass(Protocol):
    """What is asked of a user class that makes gRPC calls (`grpc_user.user.GrpcUser`)."""

    __name__: str
    host: str | None
    has_embedded_target: bool

    def target_host(self, environment: Any, session: GrpcSession) -> str:
        """Where its calls go."""
        ...

    def why_not_from_engine(self) -> str:
        """Why `--engine process` cannot make its calls; "" when it can."""
        ...


def add_options(parser: Any, **_: Any) -> None:
    """Add our options to Locust's parser."""
    register_options(parser, GROUP_TITLE, OPTIONS)
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other list
        if "--insecure" in action.option_strings:
            action.nargs, action.const = "?", YES  # `--insecure` alone says yes
        if "--metadata" in action.option_strings:
            action.is_secret = True


def on_init(environment: Any, **_: Any) -> None:
    """What we started ends with Locust: at the very end, for the engine drains on `quitting`."""

    def on_quit(**_: Any) -> None:
        close_session(environment)
        end_embedded_worker(environment)

    environment.events.quit.add_listener(on_quit)


def check_options(environment: Any, request: Mapping[str, Any]) -> None:
    """Refuse options that do not go together, and a distributed run without a target.

    Raises:
        InvalidValue: for options.
        StartRefused: when nothing says where calls go.
    """
    if not _grpc_classes(environment):
        return
    _translated(check_patched)
    config = GrpcConfig.from_request(request)
    if config.engine == PROCESS:
        check_engine(environment.user_classes)
    for user_class in _grpc_classes(environment):
        if user_class.host and not config.host:
            config.targets(user_class.host)
        elif not config.host:
            _check_default_target(environment, user_class)


def before_epoch(environment: Any, request: Mapping[str, Any]) -> None:
    """Connect to every target, and learn what `--call` needs.

    Raises:
        InvalidValue: for options that are not valid.
        StartRefused: when a target cannot be reached or does not know the method.
    """
    if _grpc_classes(environment):
        _translated(_prepare, environment, GrpcConfig.from_request(request))


def make_sending(setup: SendingSetup) -> Sending | None:
    """Send from an engine process where that is asked for."""
    classes = _grpc_classes(setup.environment)
    config = GrpcConfig.from_request(setup.plan.request) if classes else GrpcConfig()
    if config.engine != PROCESS:
        return None

    def host() -> str:
        return classes[0].target_host(setup.environment, session_of(setup.environment))

    return ProcessSending(setup, host, config.call or SPIN_PATH)


def after_run(environment: Any) -> None:
    """Close the connections of the run."""
    close_session(environment)


def install() -> None:
    """Add the listeners; a second call changes nothing."""
    for hook, listener in (
        (events.init_command_line_parser, add_options),
        (events.init, on_init),
    ):
        if listener not in hook._handlers:  # noqa: SLF001 - Locust offers no look at it
            hook.add_listener(listener)  # type: ignore[no-untyped-call]  # locust has no types here
    CHECK_OPTIONS.listen(check_options)
    BEFORE_EPOCH.listen(before_epoch)
    AFTER_RUN.listen(after_run)
    MAKE_SENDING.listen(make_sending)


def _prepare(environment: Any, config: GrpcConfig) -> None:
    session = open_session(environment, config)
    hosts = {cls.target_host(environment, session) for cls in _grpc_classes(environment)}
    if config.engine == PROCESS:
        return  # which connects by itself
    problems = [problem for host in sorted(hosts) for problem in session.transport(host).open()]
    if problems:
        raise StartRefused(f"{'; '.join(problems)}; valid: a target that serves before the run")
    if config.call:
        for host in sorted(hosts):
            session.json_call(host)


def _check_default_target(environment: Any, user_class: GrpcClass) -> None:
    if not user_class.has_embedded_target:
        raise StartRefused(f"{user_class.__name__} has no target; valid: --host HOST:PORT")
    options = environment.parsed_options
    processes = getattr(options, "processes", None)
    if isinstance(environment.runner, MasterRunner | WorkerRunner) and not processes:
        raise StartRefused(
            "no --host: a spin worker of our own serves runs on one machine only; "
            "valid: --host HOST:PORT"
        )


def _grpc_classes(environment: Any) -> list[GrpcClass]:
    return [cls for cls in environment.user_classes if hasattr(cls, "has_embedded_target")]


def _translated(work: Callable[..., object], *args: object) -> None:
    """Our own errors as the engine's: one line, exit 2, before any load."""
    try:
        work(*args)
    except GrpcUserError as error:
        raise StartRefused(str(error)) from None
