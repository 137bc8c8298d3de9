"""What one worker process knows of itself and of the calls it has served."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Instance:
    """This process. `ready_unix_us` is 0 until it serves."""

    pod: str
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    ready_unix_us: int = 0


@dataclass(frozen=True)
class Place:
    """One accepted call's place: its number, and the calls under way with it."""

    instance_seq: int
    concurrency: int


def set_event() -> asyncio.Event:
    """An event that has happened."""
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class Calls:
    """Counts of calls. Touched by the event loop's thread alone, so a number is given once."""

    started: int = 0
    finished: int = 0
    refused: int = 0
    running: int = 0
    none_running: asyncio.Event = field(default_factory=set_event)

    @contextmanager
    def under_way(self) -> Iterator[Place]:
        """Count a call in and, however it ends, out; finished when it ends without an exception."""
        self.started += 1
        self.running += 1
        self.none_running.clear()
        try:
            yield Place(instance_seq=self.started, concurrency=self.running)
            self.finished += 1
        finally:
            self.running -= 1
            if self.running == 0:
                self.none_running.set()

    @property
    def account(self) -> str:
        """The counts in one line."""
        cut = self.started - self.finished - self.running
        return (
            f"{self.started} started, {self.finished} finished, {cut} cut short, "
            f"{self.running} still running, {self.refused} refused"
        )
