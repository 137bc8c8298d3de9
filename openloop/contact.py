"""A worker process's line to the conductor: pings, and what their answers say."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import gevent

from openloop import messages
from openloop.clock import Clock
from openloop.clock_offset import Offset, OffsetEstimate
from openloop.lease import MASTER_LOST_S, Lease
from shapes.plan import Plan

log = logging.getLogger(__name__)

PING_EVERY_S = 0.25
FIRST_PING_S = 0.5
"""A master that starts together with its workers does not know our messages before."""
UNHEARD_PINGS = round(MASTER_LOST_S / PING_EVERY_S)

Following = tuple[str | None, int]
"""The run that is followed, if any, and the version of its plan."""


class MasterContact:
    """The standing of a worker process.

    Args:
        runner: Locust's worker runner; carries the messages.
        clock: Where time comes from.
        following: Tells what run and plan this process follows now.
        on_master_lost: Called when the conductor was silent for so long that the run must end.
        on_run_over: Called when the conductor no longer knows the run that is followed.
    """

    def __init__(
        self,
        runner: Any,
        clock: Clock,
        *,
        following: Callable[[], Following],
        on_master_lost: Callable[[], None],
        on_run_over: Callable[[], None],
    ) -> None:
        self.member = ""
        self.leave = Lease(clock.monotonic_s())
        self._runner = runner
        self._clock = clock
        self._following = following
        self._on_master_lost = on_master_lost
        self._on_run_over = on_run_over
        self._estimate = OffsetEstimate()
        self._unheard = 0
        runner.register_message(messages.PONG, self._on_pong)
        gevent.spawn(self._ping_for_ever)

    @property
    def offset(self) -> Offset:
        """The conductor's monotonic clock minus ours."""
        best = self._estimate.best()
        assert best is not None, "the conductor takes no member without it"
        return best

    def acknowledge(self, plan: Plan, first_k: int) -> None:
        """Tell the conductor that the plan is here and what arrivals follow from it."""
        self._runner.send_message(
            messages.ACK,
            {
                "run_id": plan.run_id,
                "version": plan.version,
                "first_k": first_k,
                "digest": plan.digest(first_k),
            },
        )

    def _ping_for_ever(self) -> None:
        gevent.sleep(FIRST_PING_S)
        while True:
            self._ping()
            gevent.sleep(PING_EVERY_S)
            # Counted, not timed: a process that was frozen finds itself late, not its master gone.
            self._unheard += 1
            if self._unheard == UNHEARD_PINGS and self._following()[0] is not None:
                self._on_master_lost()

    def _ping(self) -> None:
        best = self._estimate.best()
        run_id, version = self._following()
        ping = {
            "sent_s": self._clock.monotonic_s(),
            "offset_s": best and best.offset_s,
            "error_s": best and best.error_s,
            "run_id": run_id,
            "version": version,
        }
        try:
            self._runner.send_message(messages.PING, ping)
        except Exception:
            log.debug("A ping could not be sent", exc_info=True)

    def _on_pong(self, environment: Any, msg: Any, **_: Any) -> None:  # noqa: ARG002 - Locust's listener signature
        pong = msg.data
        self._unheard = 0
        self.member = pong["member"]
        self._estimate.add(
            sent_s=pong["sent_s"],
            theirs_s=pong["conductor_s"],
            received_s=self._clock.monotonic_s(),
        )
        run_id, version = self._following()
        if run_id is not None and pong["run_id"] != run_id:
            self._on_run_over()
        elif run_id is None or version >= pong["version"]:
            # With an old plan there is no leave: the newer one may have given our arrivals away.
            self.leave.renew(pong["sent_s"])
