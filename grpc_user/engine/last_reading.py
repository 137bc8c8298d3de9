"""All that a drained engine has to tell is read, however far behind the records' writer is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

WRITER_S = 10.0
"""So long it is the writer that makes room in the ring; rows in its pipe outlive the hub."""
HUB_S = 20.0
"""After that the hub takes what is left into its own memory, for so long."""
POLL_S = 0.005


class Telling(Protocol):
    """What is asked of an engine."""

    @property
    def kept(self) -> int:
        """Slots for which its ring has no room."""
        ...

    def death(self) -> str | None:
        """How it ended; None while it runs."""
        ...


@dataclass(frozen=True)
class Reading:
    """What the hub does with what an engine tells.

    Attributes:
        collect: Enters all that is in the ring; what the writer has makes room there.
        hold: Makes room for all that was entered.
        now_s: Monotonic time.
        sleep: Waits for so many seconds.
    """

    collect: Callable[[], None]
    hold: Callable[[], None]
    now_s: Callable[[], float]
    sleep: Callable[[float], None]


def read_to_the_end(engine: Telling, reading: Reading) -> bool:
    """Whether all of it was read; not when it died over it or was not done in time."""
    began_s = reading.now_s()
    while True:
        is_all = engine.kept == 0  # before the reading: what it said then is in the ring
        reading.collect()
        if is_all:
            return True
        waited_s = reading.now_s() - began_s
        if engine.death() is not None or waited_s >= WRITER_S + HUB_S:
            return False
        if waited_s >= WRITER_S:
            reading.hold()
        reading.sleep(POLL_S)
