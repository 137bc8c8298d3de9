"""Arrivals leave from a process of their own (`--engine process`), as the hub sees it."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

import gevent
from gevent.lock import RLock
from locust.runners import WorkerRunner

from grpc_user.engine.books import Books
from grpc_user.engine.handle import EngineHandle
from grpc_user.engine.last_reading import POLL_S, Reading, read_to_the_end
from grpc_user.engine.rest import rest_unsent
from grpc_user.engine.spec import EngineSpec
from grpc_user.engine.unseen import WHAT_BECAME, count_owned
from openloop.errors import StartRefused
from openloop.precedence import leave_cpu_to_others
from openloop.sending import SendingSetup
from openloop.walk import Walk
from shapes.plan import Plan

log = logging.getLogger(__name__)

READY_TIMEOUT_S = 45.0
"""Targets that do not answer are given up earlier, by the engine itself."""
WATCH_EVERY_S = 0.05
MOST_SUCCESSORS = 3
REST_S = 0.002
"""Between batches of what an engine tells."""
HAND_OVER_S = 5.0
"""So long a successor waits until the writer has the rows of the engine before it: should the hub
die, nobody else knows them."""

StartEngine = Callable[[EngineSpec], EngineHandle]


class ProcessSending:
    """The `Sending` of `--engine process`: an engine process sends, the hub keeps the books.

    An engine that dies gets a successor, which goes on with the first arrival that the dead one
    had not taken on. One whose heart stands still is killed first: what hangs may go on some day.

    Args:
        setup: What to send, for whom, and who is told.
        host: Tells where calls go, when the run is prepared.
        method: What is called.
        start: Starts an engine.

    Attributes:
        deaths: Engines that ended before they were told to.
        hangs: Of those, the ones that hung and were killed.
    """

    def __init__(
        self,
        setup: SendingSetup,
        host: Callable[[], str],
        method: str,
        start: StartEngine = EngineHandle.start,
    ) -> None:
        self.deaths = self.hangs = 0
        self._setup = setup
        self._host = host
        self._start = start
        self._plan = setup.plan
        self._books = Books(setup, method)
        self._reading = RLock()
        self._engine: EngineHandle | None = None
        self._rest: Walk | None = None
        self._watching: gevent.Greenlet | None = None
        self._successors = self._rows_lost = 0
        self._cpu_before_s = 0.0
        self._reached_before_s = -math.inf

    def __len__(self) -> int:
        """How many arrivals are under way now."""
        return self._engine.in_flight if self._engine else 0

    @property
    def next_k(self) -> int:
        """The first arrival that is not dispatched yet."""
        walking = self._rest or self._engine
        return max(self._books.next_k, walking.next_k if walking else 0)

    @property
    def reached_s(self) -> float:
        """The intended time of the last one that was; -inf before."""
        walking = self._rest or self._engine
        return max(self._reached_before_s, walking.reached_s if walking else -math.inf)

    def prepare(self) -> None:
        """Start the engine and wait until it is connected.

        Raises:
            StartRefused: when it cannot be started, or cannot send.
        """
        problems = self._begin(first_k=0)
        if problems:
            raise StartRefused("; ".join(problems))
        leave_cpu_to_others(self._setup.recorder.writer_pid)

    def follow(self, plan: Plan, *, epoch_monotonic_s: float) -> None:
        """Take the newest version of the plan; the first one starts the dispatching."""
        self._plan, self._books.epoch_s = plan, epoch_monotonic_s
        if self._watching is None:
            self._setup.standing.leave.pass_on(self._renew)
            self._watching = gevent.spawn(self._watch_for_ever)
        walking = self._rest or self._engine
        if walking is not None:
            walking.follow(plan, epoch_monotonic_s)

    def join(self) -> None:
        """Wait until the plan's end has come and no newer plan moved it."""
        while self._rest is None and not self._has_sent_all():
            gevent.sleep(WATCH_EVERY_S)
        if self._rest is not None:
            self._rest.join()

    def drain(self, timeout_s: float) -> int:
        """Wait for what is under way, then cut off the rest; how many were cut off."""
        self._stop_watching()
        engine = self._engine
        if engine is None:
            return 0
        cut_off = engine.drain(timeout_s)
        is_all_told = self._take_rest(engine) and engine.is_drained
        if not is_all_told and engine.death() is None:
            engine.kill_hung()
        death = engine.death()
        return cut_off if death is None else cut_off + self._bury(engine, death)

    def collect(self) -> None:
        """Hand what became of arrivals since to the records, the summary and Locust."""
        with self._reading:
            if self._engine is not None:
                self._books.take_from(self._engine, lambda: gevent.sleep(REST_S))

    def cpu_s(self) -> float:
        """CPU seconds of the engine, and of those that died before it."""
        return self._cpu_before_s + (self._engine.cpu_s if self._engine else 0.0)

    def close(self) -> None:
        """End the engine."""
        self._stop_watching()
        self._setup.standing.leave.pass_on(None)
        engine, self._engine = self._engine, None
        if engine is not None:
            self._books.hold(engine)
            engine.close()
        if self._rest is not None:
            self._rest.close()

    def _has_sent_all(self) -> bool:
        engine = self._engine  # None while a successor is on its way
        return engine is not None and not engine.is_sending and engine.death() is None

    def _begin(self, first_k: int) -> tuple[str, ...]:
        """Start an engine and wait until it is connected; why it cannot send, or nothing."""
        try:
            engine = self._start(self._spec(first_k))
        except OSError as error:
            return (f"the engine process cannot be started: {error}",)
        try:
            problems = engine.wait_until_ready(READY_TIMEOUT_S)
        except BaseException:
            engine.close()
            raise
        if problems:
            engine.close()
        else:
            self._engine = engine
        return problems

    def _spec(self, first_k: int) -> EngineSpec:
        setup, plan = self._setup, self._plan
        return EngineSpec(
            request=dict(plan.request),
            host=self._host(),
            member=setup.standing.member,
            folder=str(setup.folder),
            run_id=plan.run_id,
            seed=plan.seed,
            max_in_flight=setup.max_in_flight,
            first_k=first_k,
            warm_up_s=plan.warm_up_s,
            writer_pid=setup.recorder.writer_pid,
            rows_lost=self._rows_lost,
        )

    def _renew(self, granted_s: float) -> None:
        if self._engine is not None:
            self._engine.renew(granted_s)

    def _stop_watching(self) -> None:
        if self._watching is not None:
            with self._reading:  # not while it enters what it has read
                self._watching.kill()

    def _take_rest(self, engine: EngineHandle) -> bool:
        """Enter all that a drained engine has to tell; whether that was possible."""
        reading = Reading(
            collect=self.collect,
            hold=lambda: self._books.hold(engine),
            now_s=self._setup.clock.monotonic_s,
            sleep=gevent.sleep,
        )
        return read_to_the_end(engine, reading)

    def _watch_for_ever(self) -> None:
        while self._rest is None:
            gevent.sleep(WATCH_EVERY_S)
            engine = self._engine
            if engine is None:
                continue
            self._books.hand_over(engine)
            death = self._death_of(engine)
            if death is not None and self._engine is engine:
                self._bury(engine, death)
                self._go_on()

    def _death_of(self, engine: EngineHandle) -> str | None:
        """How it ended, if it did; one that hangs is ended first."""
        if engine.is_still(self._setup.clock.monotonic_s()) and engine.death() is None:
            engine.kill_hung()
        return engine.death()

    def _bury(self, engine: EngineHandle, death: str) -> int:
        """Take all that a dead engine has left; how many arrivals were under way."""
        with self._reading:
            self._books.take_from(engine)
            self._engine = None
            first_unseen_k = self._books.next_k
            under_way = self._books.close_after(death, engine.next_k)
            self._say_lost(first_unseen_k)
        self.deaths += 1
        self.hangs += engine.is_hung
        self._cpu_before_s += engine.cpu_s
        self._reached_before_s = max(self._reached_before_s, engine.reached_s)
        engine.close()
        log.error("%s; %d calls were under way", death.capitalize(), under_way)
        return under_way

    def _say_lost(self, first_unseen_k: int) -> None:
        """Of what an engine took on its memory alone may have known: nobody can tell it now."""
        member = self._setup.standing.member
        lost = count_owned(self._plan, member, first_unseen_k, self._books.next_k)
        if lost:
            self._rows_lost += lost
            self._setup.recorder.lose(lost, WHAT_BECAME)
            log.error("%d arrivals have no row: %s", lost, WHAT_BECAME)

    def _go_on(self) -> None:
        """Let a successor send the rest of the plan, or say that nobody will."""
        problems: tuple[str, ...] = (f"{MOST_SUCCESSORS} successors have died too",)
        while self._engine is None and self._successors < MOST_SUCCESSORS:
            self._successors += 1
            problems = self._begin(self._books.next_k)
        if self._engine is None:
            self._give_up(problems)
            return
        self._setup.standing.leave.pass_on(self._renew)
        self._wait_for_writer()
        self._engine.follow(self._plan, self._books.epoch_s)

    def _wait_for_writer(self) -> None:
        recorder, now_s = self._setup.recorder, self._setup.clock.monotonic_s
        given_bytes, ends_s = recorder.given_bytes, now_s() + HAND_OVER_S
        while recorder.passed_bytes < given_bytes and now_s() < ends_s:
            recorder.push()
            gevent.sleep(POLL_S)

    def _give_up(self, problems: tuple[str, ...]) -> None:
        log.error("The run ends, for nothing can send any more: %s", "; ".join(problems))
        rest = rest_unsent(self._setup, self._books.next_k)
        rest.follow(self._plan, self._books.epoch_s)
        self._rest = rest
        environment = self._setup.environment
        runner = environment.runner
        has_page = environment.web_ui is not None and not isinstance(runner, WorkerRunner)
        gevent.spawn(runner.stop if has_page else runner.quit)
