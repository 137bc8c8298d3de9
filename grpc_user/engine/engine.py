"""An engine's life: told what to send, connect, send by the plan, drain, go."""

from __future__ import annotations

import gc
import math
import socket
import time
from collections.abc import Callable

import numpy as np

from grpc_user.engine import control
from grpc_user.engine.calls import Calls
from grpc_user.engine.heir import Estate, pidfd_of, record_estate
from grpc_user.engine.hub import Hub, Message
from grpc_user.engine.leave import PassedOn
from grpc_user.engine.loop import Loop
from grpc_user.engine.outfit import Outfit
from grpc_user.engine.pacing import LoopPacer
from grpc_user.engine.ring import RingReader, RingWriter, SharedMemory
from grpc_user.engine.rows import Rows
from grpc_user.engine.spec import EngineSpec
from grpc_user.engine.words import Real, State, Whole, Words
from openloop.clock import SYSTEM_CLOCK
from openloop.dispatcher import Dispatcher
from shapes.plan import Plan

HEARTBEAT_S = 0.05
COLLECT_EVERY_S = 10.0
ORPHAN_SPARE_S = 1.0

# Stored at every turn: plain numbers are found faster than an enumeration's members.
_NEXT_K, _IN_FLIGHT, _SENT_COUNT = map(int, (Whole.NEXT_K, Whole.IN_FLIGHT, Whole.SENT_COUNT))
_REACHED_S = int(Real.REACHED_S)


class Engine:
    """One engine.

    Args:
        loop: What it waits with.
        stream: The control socket.
        shared: The memory for what becomes of arrivals.
        words: Its words.
    """

    def __init__(
        self, loop: Loop, stream: socket.socket, shared: SharedMemory, words: Words
    ) -> None:
        self._loop = loop
        self._shared = shared
        self._words = words
        words.real[Real.REACHED_S] = -math.inf
        self._ring = RingWriter(shared, words)
        self._rows = Rows(self._ring)
        self._hub = Hub(loop, stream, self._on_message, self._on_hub_gone)
        self._spec: EngineSpec | None = None
        self._writer_pidfd: int | None = None
        self._outfit: Outfit | None = None
        self._plan: Plan | None = None
        self._calls: Calls | None = None
        self._dispatcher: Dispatcher | None = None
        self._drain_timeout_s: float | None = None
        self._is_told_to_end = False
        self._collected_s = time.monotonic()

    def run(self) -> None:
        """From the spec to the end."""
        self._wait_for(lambda: self._spec is not None)
        if self._spec is None:
            return
        self._prepare(self._spec)
        self._wait_for(lambda: self._dispatcher is not None)
        if self._dispatcher is None or self._calls is None:
            return
        self._dispatcher.run()
        self._words.whole[Whole.STATE] = State.SENT
        self._wait_for(lambda: self._drain_timeout_s is not None)
        if not self._is_told_to_end:
            self._drain(self._calls)
        self._wait_for(lambda: False)
        if not self._is_told_to_end:
            self._leave_nothing(self._spec)

    def _wait_for(self, is_true: Callable[[], bool]) -> None:
        """Turn until something is true, or there is nobody left to work for."""
        self._loop.run_until(
            lambda: is_true() or self._hub.is_gone or self._is_told_to_end, math.inf
        )

    def _prepare(self, spec: EngineSpec) -> None:
        self._writer_pidfd = pidfd_of(spec.writer_pid)
        self._outfit = Outfit(self._loop, spec, self._rows, self._serve_waiting)
        problems = self._outfit.open()
        if not problems:
            gc.collect()
            gc.freeze()  # a full collection goes over all that is loaded
            gc.disable()
            self._words.whole[Whole.STATE] = State.READY
            self._words.whole[Whole.NEXT_K] = spec.first_k
            self._beat()
        self._hub.tell_problems(problems)

    def _drain(self, calls: Calls) -> None:
        assert self._outfit is not None, "prepared before"
        timeout_s = self._drain_timeout_s
        if timeout_s is None:  # the hub has gone: their deadlines bound what is under way
            calls.stop_waiting()
            timeout_s = self._outfit.timeout_s + ORPHAN_SPARE_S
        self._loop.run_until(
            lambda: not calls or self._is_told_to_end, time.monotonic() + timeout_s
        )
        self._words.whole[Whole.CUT_OFF] = calls.cut_off()
        self._loop.turn(0.0)  # says so to the peers
        self._publish()  # before the state: who sees it finds all, or what is kept, counted
        self._words.whole[Whole.STATE] = State.DRAINED

    def _leave_nothing(self, spec: EngineSpec) -> None:
        """The hub has gone without a word: what it did not record is recorded here."""
        assert self._outfit is not None, "prepared before"
        committed = self._words.whole[Whole.COMMITTED]
        slots = RingReader(self._shared, self._words, committed).read()
        estate = Estate(
            spec,
            self._outfit.path,
            np.concatenate((slots, self._ring.take_kept())),
            self._rows.texts.texts,
            self._writer_pidfd,
        )
        record_estate(estate)

    def _on_message(self, message: Message) -> None:
        kind = message["kind"]
        if kind == control.SPEC:
            self._spec = EngineSpec.from_dict(message["spec"])
        elif kind == control.PLAN:
            self._follow(Plan.from_dict(message["plan"]), message["epoch_s"])
        elif kind == control.DRAIN:
            self._drain_timeout_s = message["timeout_s"]
        elif kind == control.END:
            self._is_told_to_end = True
            self._stop_dispatching()

    def _on_hub_gone(self) -> None:
        self._stop_dispatching()

    def _follow(self, plan: Plan, epoch_s: float) -> None:
        if self._dispatcher is None:
            self._dispatcher = self._begin(plan, epoch_s)
            self._words.whole[Whole.STATE] = State.SENDING
        self._plan, self._epoch_s = plan, epoch_s
        self._dispatcher.follow(plan, epoch_monotonic_s=epoch_s)

    def _begin(self, plan: Plan, epoch_s: float) -> Dispatcher:
        assert self._spec is not None, "the first thing to be told"
        assert self._outfit is not None, "the hub waits for it"
        self._calls = self._outfit.calls(plan)
        self._calls.epoch_s = epoch_s
        dispatcher = Dispatcher(
            self._spec.member,
            clock=SYSTEM_CLOCK,
            pacer=LoopPacer(self._loop),
            leave=PassedOn(self._words),
            send=self._calls.begin,
            skip=self._rows.unsent,
        )
        dispatcher.next_k = self._spec.first_k
        # Before what it tells of leaves: lines flush after this.
        self._loop.add_before_wait_first(self._publish)
        return dispatcher

    def _stop_dispatching(self) -> None:
        """Let nothing that is due from now on be sent."""
        if self._dispatcher is not None and self._plan is not None:
            now_s = max(0.0, time.monotonic() - self._epoch_s)
            if now_s < self._plan.end_s:
                self._follow(self._plan.with_stop(now_s), self._epoch_s)

    def _serve_waiting(self) -> None:
        if self._calls is not None:
            self._calls.serve_waiting()

    def _publish(self) -> None:
        assert self._calls is not None, "begun before"
        assert self._dispatcher is not None, "begun before"
        whole = self._words.whole
        self._ring.publish()
        whole[_NEXT_K] = self._dispatcher.next_k
        whole[_IN_FLIGHT] = len(self._calls)
        whole[_SENT_COUNT] = self._rows.sent_count
        self._words.real[_REACHED_S] = self._dispatcher.reached_s

    def _beat(self) -> None:
        now_s = time.monotonic()
        self._words.real[Real.HEARTBEAT_S] = now_s
        self._words.real[Real.CPU_S] = time.process_time()
        if now_s - self._collected_s > COLLECT_EVERY_S:
            self._collected_s = now_s
            gc.collect(0)
        self._loop.call_at(now_s + HEARTBEAT_S, self._beat)
