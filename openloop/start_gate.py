"""Keeps a stop that comes while a run is prepared until there is something to stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gevent.event import Event


class StartGate:
    """Stands before the method by which Locust's runner stops a test.

    To Locust a test has not begun while its start listeners run, and preparing members takes
    seconds. A run timer that fires meanwhile would stop nothing, for ever, or end the process
    without a run and with exit code 0.

    Args:
        runner: Locust's runner; its `stop` is replaced on the object.
    """

    def __init__(self, runner: Any) -> None:
        self._open = Event()
        self._open.set()
        self._stop = runner.stop
        runner.stop = self._stop_when_begun

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """While this lasts, stops wait."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    def _stop_when_begun(self, *args: Any, **kwargs: Any) -> None:
        self._open.wait()
        self._stop(*args, **kwargs)
