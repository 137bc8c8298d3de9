"""Waits between runs: bounded, ended by a signal, and each written down."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from experiment.sweep.ground import Note, NotPrepared
from records.sweeps.ledger import WAITED

LOOK_S = 1.0


@dataclass(frozen=True)
class Waits:
    """How long may be waited.

    Attributes:
        limit_s: For one thing.
        stopped: Set when the sweep is to end: no wait goes on after it.
        now_s: Monotonic, seconds.
        look_s: Between two looks.
    """

    limit_s: float
    stopped: Event = field(default_factory=Event)
    now_s: Callable[[], float] = time.monotonic
    look_s: float = LOOK_S

    def until(
        self, what: str, holds: Callable[[], bool], note: Note, why_not: Callable[[], str]
    ) -> None:
        """Wait until it holds, and note for how long.

        Args:
            what: As the ledger names it.
            holds: Asked every `look_s`.
            note: Into the ledger.
            why_not: What is in the way, for the message.

        Raises:
            NotPrepared: when the time is over, or the sweep is to end.
            Halted: what `holds` raises.
        """
        began_s = self.now_s()
        while not (reached := holds()):
            if self.stopped.is_set() or self.now_s() - began_s >= self.limit_s:
                break
            self.stopped.wait(self.look_s)
        seconds = round(self.now_s() - began_s, 1)
        note(WAITED, **{"for": what}, seconds=seconds, reached=reached)
        if reached:
            return
        if self.stopped.is_set():
            raise NotPrepared(f"stopped while waiting for {what}")
        raise NotPrepared(f"{what} was not reached within {seconds:g} s: {why_not()}")
