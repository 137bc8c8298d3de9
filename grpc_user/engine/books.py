"""The hub's books of what its engines send: records, summary and Locust's statistics."""

from __future__ import annotations

import math
import os
from collections.abc import Callable

from grpc_user.call_failed import CallFailed
from grpc_user.call_report import REQUEST_TYPE
from grpc_user.engine.handing_over import HandingOver
from grpc_user.engine.handle import Batch, EngineHandle
from grpc_user.engine.under_way import NOTHING, UnderWay
from grpc_user.failures import Failure
from grpc_user.transport import Ending
from openloop.batch_statistics import BatchStatistics
from openloop.sending import SendingSetup
from records.slots import Slots

CODE_OF_NO_CALL = "CANCELLED"


def _go_on() -> None:
    """Without a rest."""


class Books:
    """What became of one member's arrivals in one run, whichever engine sent them.

    Args:
        setup: Who is told.
        method: What is called.
        give_way: Called between one part of the work and the next, up to 0.9 ms in a full batch: an
            engine that has only the same core sends meanwhile. The kernel by itself may leave it to
            us until its next tick, for the engine has had more of it (`openloop.precedence`).

    Attributes:
        epoch_s: The run's epoch on this process's monotonic clock.
    """

    def __init__(
        self, setup: SendingSetup, method: str, give_way: Callable[[], None] = os.sched_yield
    ) -> None:
        self.epoch_s = math.inf
        self._plan = setup.plan
        self._recorder = setup.recorder
        self._method = method
        self._give_way = give_way
        self._under_way = UnderWay()
        self._handing_over = HandingOver()
        self._statistics = BatchStatistics(
            setup.environment,
            setup.stats_filter,
            setup.clock,
            request_type=REQUEST_TYPE,
            failure=call_failed,
        )

    @property
    def next_k(self) -> int:
        """One more than the largest number of an arrival that was ever seen."""
        return self._under_way.next_k

    def take_from(self, engine: EngineHandle, rest: Callable[[], None] = _go_on) -> None:
        """Enter what an engine says, and let it forget what cannot be lost any more.

        Args:
            engine: It.
            rest: Called between one batch and the next: an engine that has only the same core
                catches up meanwhile.
        """
        for batch in engine.read_all():
            self._give_way()
            self._take_batch(batch)
            self._give_way()
            self.hand_over(engine)
            if not batch.is_last:
                rest()

    def hand_over(self, engine: EngineHandle) -> None:
        """Push what waits for the writer; the engine may forget what the pipe holds of it."""
        self._recorder.push()
        upto = self._handing_over.take_safe(self._recorder.passed_bytes)
        if upto is not None:
            engine.commit(upto)

    def hold(self, engine: EngineHandle) -> None:
        """Let an engine forget all that it was read of: our memory holds it, whatever comes."""
        upto = self._handing_over.take_all()
        if upto is not None:
            engine.commit(upto)

    def close_after(self, death: str, next_k: int) -> int:
        """Enter the ends of what a dead engine has left under way; how many they were.

        Args:
            death: How it died, in one line.
            next_k: The first arrival that it had not dispatched, as it said itself.
        """
        ended = self._under_way.end(detail=0)
        self._enter(NOTHING, ended, [death])
        self._under_way.next_k = max(self._under_way.next_k, next_k)
        self._handing_over.take_all()
        return len(ended)

    def _take_batch(self, batch: Batch) -> None:
        if _holds_something(batch):
            self._under_way.note(batch.sent, batch.waiting, batch.ended)
            self._give_way()
            self._enter(batch.sent, batch.ended, batch.texts)
        self._handing_over.note(batch.upto, self._recorder.given_bytes)

    def _enter(self, sent: Slots, ended: Slots, texts: list[str]) -> None:
        self._recorder.take(sent, ended, texts, method=self._method, give_way=self._give_way)
        self._statistics.count(ended, texts, self._plan, method=self._method, epoch_s=self.epoch_s)


def call_failed(code: str, failure_class: str, detail: str) -> CallFailed:
    """What a request event carries of a call that failed in an engine."""
    return CallFailed(Ending(code or CODE_OF_NO_CALL, detail, math.nan), Failure(failure_class))


def _holds_something(batch: Batch) -> bool:
    return any(len(slots) for slots in (batch.sent, batch.ended, batch.waiting))
