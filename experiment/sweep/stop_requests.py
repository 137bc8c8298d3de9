"""Ctrl-C and SIGTERM while a sweep is conducted: the run under way ends first."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from experiment.launch.processes import on_signals


class Stopped(Exception):
    """Somebody wants the sweep to end; it can be resumed."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class StopRequests:
    """Remembers the first signal, and hands each on to what is under way.

    Args:
        hand_on: Has the run under way end; called in the handler.
    """

    def __init__(self, hand_on: Callable[[int], None]) -> None:
        self._hand_on = hand_on
        self._breaks = False
        self.number: int | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take signals while the block runs, in place of ending at once."""
        with on_signals(self._take):
            yield

    @contextmanager
    def breaking(self) -> Iterator[None]:
        """Have a signal break the block off: it waits, and leaves nothing half done.

        Raises:
            Stopped: at a signal, and at once where there was one.
        """
        self.check()
        self._breaks = True
        try:
            yield
        finally:
            self._breaks = False

    def check(self) -> None:
        """Go on only when nobody wants an end.

        Raises:
            Stopped: else.
        """
        if self.number is not None:
            raise Stopped(self.number)

    def _take(self, number: int) -> None:
        self.number = self.number or number
        self._hand_on(number)
        if self._breaks:
            self._breaks = False
            raise Stopped(self.number)
