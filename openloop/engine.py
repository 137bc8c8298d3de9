"""The engine of the local process or the master: runs the runs that Locust starts."""

from __future__ import annotations

import logging
import sys
from argparse import Namespace
from typing import Any

import gevent
from gevent.event import Event
from locust.runners import MasterRunner

from openloop.active_run import ActiveRun, new_run
from openloop.agent import Agent
from openloop.clock import SYSTEM_CLOCK, Clock
from openloop.conclusion import close_run, open_manifest, say
from openloop.conductor import Conductor
from openloop.config import RunConfig, fill_locust_options, read_config
from openloop.errors import OpenLoopError
from openloop.facts import program_facts
from openloop.hooks import CHECK_OPTIONS
from openloop.last_words import write_last_words
from openloop.membership import LocalMembership, Membership, WorkerMembership
from openloop.replay import apply_record, recorded_plan
from openloop.shape_choice import activate, choose_shape, shape_law
from openloop.start_gate import StartGate
from openloop.task_mix import check_user_classes
from openloop.web_form import form_options
from records.manifest import Manifest
from records.run_folder import RunFolderError
from shapes.errors import InvalidValue
from shapes.load_test_shapes import PlannedShape
from verdict.conclude import Conclusion
from verdict.exit_codes import BAD_CONFIGURATION, highest, signal_code

log = logging.getLogger(__name__)

REFUSALS = (InvalidValue, OpenLoopError, RunFolderError)


class Engine:
    """Set as `environment.open_loop`.

    Args:
        environment: Locust's environment.
        clock: Where time comes from.
    """

    def __init__(self, environment: Any, clock: Clock = SYSTEM_CLOCK) -> None:
        self.environment = environment
        self._clock = clock
        self._rows = form_options()
        self._facts = program_facts()
        self.agent: Agent | None = None
        self._gate = StartGate(environment.runner)
        self.conductor = Conductor(environment, clock, self._membership())
        self._manifest: Manifest | None = None
        self._stopped_by: str | None = None
        self.conclusion: Conclusion | None = None
        self._last_words = ""
        self._is_quitting = False
        environment.events.test_start.add_listener(self._on_test_start)
        environment.events.test_stopping.add_listener(self._on_test_stopping)
        environment.events.quitting.add_listener(self._on_quitting)
        environment.events.quit.add_listener(self._on_quit)

    def check_start(self, options: Namespace, picked_shape: str = "") -> str:
        """Hold the options against each other and activate the load shape they select.

        Args:
            options: Locust's parsed options with ours.
            picked_shape: The shape that the web page's class picker selected, or "".

        Returns:
            The class name of the active shape, "" for none.

        Raises:
            InvalidValue: for options that do not go together.
            OpenLoopError: when a package around the engine refuses them.
        """
        self._apply_replay(options)
        available = self.environment.available_shape_classes or {}
        shape = choose_shape(options, available, available.get(picked_shape))
        read_config(options, shape_law(shape))
        check_user_classes(self.environment.user_classes)
        CHECK_OPTIONS.fire(environment=self.environment, request=self._request(options))
        activate(self.environment, shape)
        return type(shape).__name__ if shape is not None else ""

    def config(self) -> RunConfig:
        """The run that Locust's options ask for now."""
        return read_config(self.environment.parsed_options, shape_law(self.environment.shape_class))

    def _config_now(self) -> RunConfig:
        """As `config`, but the rate of somebody else's shape: the users it just asked for."""
        options, shape = self.environment.parsed_options, self.environment.shape_class
        if shape is not None and not isinstance(shape, PlannedShape):
            users = self.environment.runner.target_user_count
            options = Namespace(**{**vars(options), "num_users": users, "spawn_rate": users})
        return read_config(options, shape_law(shape))

    def fill_options(self) -> None:
        """Let Locust's own options agree with ours."""
        fill_locust_options(self.environment.parsed_options, self.config())

    def stop_run(self, stopped_by: str) -> None:
        """End the run under way, if any, and judge it; returns when that is done."""
        self._stopped_by = self._stopped_by or stopped_by
        self._finish()

    def _membership(self) -> Membership:
        runner = self.environment.runner
        if isinstance(runner, MasterRunner):
            return WorkerMembership(runner, self._clock)
        self.agent = Agent(self.environment, self._clock, on_master_lost=runner.quit)
        return LocalMembership(runner)

    def _apply_replay(self, options: Namespace) -> None:
        recorded = recorded_plan(options)
        if recorded is not None:
            apply_record(options, recorded, self._rows)

    def _request(self, options: Namespace) -> dict[str, Any]:
        """The part of the plan that says what is sent."""
        request = {
            name: getattr(options, name, row.default)
            for name, row in self._rows.items()
            if row.in_plan
        }
        # The form's host is in the options when it is checked, and in the environment only later.
        host = self.environment.host if options.host is None else options.host
        return {**request, "host": host or ""}

    def _on_test_start(self, environment: Any, **_: Any) -> None:
        self.conclusion = None
        asked_s = self._clock.monotonic_s()
        try:
            with self._gate.preparing():
                check_user_classes(environment.user_classes)
                run = self._new_run(asked_s)
                self.conductor.start(run, self._asked(run))
        except REFUSALS as error:
            self._refuse(error)
            return
        options = plain_options(environment.parsed_options)
        self._manifest = open_manifest(run, options, self._facts)

    def _new_run(self, asked_s: float) -> ActiveRun:
        options = self.environment.parsed_options
        config = self._config_now()
        if config.profile.trace is not None:
            for said in config.profile.trace.source.left_out:
                log.warning("Trace %s: %s", config.profile.trace.source.file, said)
        return new_run(
            config,
            members=self.conductor.membership.gather(),
            request=self._request(options),
            clock=self._clock,
            asked_s=asked_s,
            recorded=recorded_plan(options),
        )

    def _asked(self, run: ActiveRun) -> dict[str, Any]:
        """What members need beside the plan."""
        options = self.environment.parsed_options
        return {
            "folder": str(run.folder),
            "max_in_flight": run.config.max_in_flight,
            "user_classes": [cls.__name__ for cls in self.environment.user_classes],
            "tags": options.tags,
            "exclude_tags": options.exclude_tags,
        }

    def _refuse(self, error: Exception) -> None:
        if self.environment.web_ui is None:
            exit_refused(error)
        log.error("The run cannot start: %s", error)
        gevent.spawn(self.environment.runner.stop)

    def _on_test_stopping(self, **_: Any) -> None:
        self._finish()

    def _on_quitting(self, **_: Any) -> None:
        """Fired by every way Locust ends, before it decides its exit code.

        On SIGTERM Locust shuts down in its handler and, woken by that, in its main function as
        well: the first goes on, the second waits here until the process ends.
        """
        if self._is_quitting:
            Event().wait()
        self._is_quitting = True
        self._finish()
        if self.conclusion is not None:
            ours = highest([self.conclusion.exit_code, signal_code(self._stopped_by)])
            self.environment.process_exit_code = ours or self.environment.process_exit_code

    def _on_quit(self, **_: Any) -> None:
        """After Locust's own tables: the last thing on the terminal is the answer."""
        if self._last_words:
            write_last_words(self._last_words)

    def _finish(self) -> None:
        run = self.conductor.finish()
        if run is None or self._manifest is None:
            return
        offsets = self.conductor.membership.offsets()
        self.conclusion = close_run(
            run, self._manifest, offsets=offsets, stopped_by=self._stopped_by
        )
        self._last_words = say(self.conclusion, run.folder)
        if self.environment.web_ui is not None:
            log.info("Run %s is over\n%s", run.plan.run_id, self._last_words)


def plain_options(options: Namespace) -> dict[str, Any]:
    """Locust's options as values that JSON can hold."""
    plain = (str, int, float, bool, type(None))
    return {
        name: value if isinstance(value, plain) else str(value)
        for name, value in sorted(vars(options).items())
    }


def exit_refused(error: Exception) -> None:
    """One line, exit 2, before any load."""
    sys.stderr.write(f"locust: error: {error}\n")
    sys.stderr.flush()
    sys.exit(BAD_CONFIGURATION)
