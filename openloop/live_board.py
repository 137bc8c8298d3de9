"""What the pages show: the run under way, or the last one after its end."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import gevent
from locust.runners import MasterRunner

from openloop import messages
from openloop.active_run import ActiveRun
from openloop.clock import SYSTEM_CLOCK, Clock
from openloop.engine import Engine
from openloop.live_judgement import Sums, judge_so_far, merged
from openloop.live_probe import watch_for_ever
from openloop.live_replicas import ReplicaTail
from openloop.live_series import LiveSeries
from openloop.live_state import MemberState
from verdict.conclude import Conclusion
from verdict.judge import Verdict
from verdict.replica_view import ReplicaView

log = logging.getLogger(__name__)

WATCH_EVERY_S = 1.0


class LiveRun:
    """What is known of one run from what its members tell.

    Args:
        active: The run, as the conductor keeps it; it goes on being looked at.
    """

    def __init__(self, active: ActiveRun) -> None:
        self.active = active
        self.series = LiveSeries()
        self.states: dict[str, MemberState] = {}
        self._replicas = ReplicaTail(active.folder)
        self._sums: Sums | None = None

    @property
    def run_id(self) -> str:
        """Its id."""
        return self.active.plan.run_id

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.active.folder

    def replicas(self) -> ReplicaView | None:
        """What an observer has seen of the pods so far; None while there is none."""
        return self._replicas.view(self.active.started_unix_s)

    @property
    def sums(self) -> Sums:
        """What all members have told together."""
        if self._sums is None:
            self._sums = merged(list(self.states.values()))
        return self._sums

    @property
    def in_flight(self) -> int:
        """Calls under way, of the members that send or drain."""
        lost = self.active.lost
        return sum(one.in_flight for one in self.states.values() if one.member not in lost)

    def take(self, state: MemberState) -> None:
        """A member has told of its last seconds."""
        if state.run_id == self.run_id:
            self.states[state.member] = state
            self.series.take(state.member, state.seconds)
            self._sums = None


class LiveBoard:
    """Keeps the newest run in view.

    Args:
        engine: The engine of this process.
        clock: Where time comes from.
    """

    def __init__(self, engine: Engine, clock: Clock = SYSTEM_CLOCK) -> None:
        self._engine = engine
        self._clock = clock
        self.run: LiveRun | None = None
        environment = engine.environment
        environment.events.test_start.add_listener(self._on_test_start)
        if isinstance(environment.runner, MasterRunner):
            environment.runner.register_message(messages.LIVE, self._on_live)
            gevent.spawn(self._watch_for_ever)
        else:
            gevent.spawn(watch_for_ever, self._local_run, self._take)

    @property
    def is_under_way(self) -> bool:
        """Whether the run is not yet over: it sends or drains."""
        return self.run is not None and self._engine.conductor.run is self.run.active

    @property
    def now_s(self) -> float:
        """Seconds since the epoch of the run in view."""
        assert self.run is not None, "ask for it only while there is a run"
        return self._clock.monotonic_s() - self.run.active.plan.epoch_s

    @property
    def conclusion(self) -> Conclusion | None:
        """What the run in view ended with; None while it is under way."""
        said = self._engine.conclusion
        same = said is not None and self.run and said.summary["run_id"] == self.run.run_id
        return said if same else None

    @property
    def clocks_s(self) -> dict[str, tuple[float, float]]:
        """By member, its clock's offset and how sure that is."""
        offsets = self._engine.conductor.membership.offsets()
        known = {name: (one.offset_s, one.error_s) for name, one in offsets.items()}
        told = self.run.states.items() if self.run else ()
        used = {name: (state.offset_s, state.clock_error_s) for name, state in told}
        return {**known, **used}

    @property
    def offered_rps(self) -> float:
        """The planned rate now; 0 when nothing is to be sent."""
        if not self.is_under_way:
            return 0.0
        return self._engine.conductor.rate_now_rps() or 0.0

    def verdict_so_far(self) -> Verdict:
        """The verdict as far as it can be made now."""
        run = self.run
        assert run is not None, "ask for it only while there is a run"
        offsets = self._engine.conductor.membership.offsets()
        known = {name: one for name, one in offsets.items() if name in run.active.members}
        states = list(run.states.values())
        return judge_so_far(run.active, states, run.sums, known, self.offered_rps)

    def _on_test_start(self, **_: Any) -> None:
        active = self._engine.conductor.run  # none when the start was refused
        if active is not None:
            self.run = LiveRun(active)
            self._say_watched()

    def _say_watched(self) -> None:
        """Let members tell of the run; those that join it later as well."""
        runner = self._engine.environment.runner
        if isinstance(runner, MasterRunner) and self.run is not None and self.is_under_way:
            runner.send_message(messages.WATCHED, {"run_id": self.run.run_id})

    def _watch_for_ever(self) -> None:
        while True:
            gevent.sleep(WATCH_EVERY_S)
            self._say_watched()

    def _local_run(self) -> Any:
        agent = self._engine.agent
        return agent.run if agent is not None else None

    def _on_live(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        try:
            self._take(MemberState.from_dict(msg.data))
        except (KeyError, TypeError, ValueError):
            log.debug("Worker %s tells what cannot be read", msg.node_id, exc_info=True)

    def _take(self, state: MemberState) -> None:
        if self.run is not None:
            self.run.take(state)
