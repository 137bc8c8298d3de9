"""CPU time of one of the processes that a client starts, while it runs."""

import threading
from contextlib import suppress

import psutil

_EVERY_S = 0.25


class PartOf(threading.Thread):
    """Watches the process below another whose command line holds a text.

    What it uses after the last look is missed: a quarter of a second at most, in which a client
    that has sent all has little to do.

    Args:
        pid: The process above it.
        text: In its command line; "" watches nothing.

    Attributes:
        cpu_s: What it had used at the last look; None where there is no such process.
    """

    def __init__(self, pid: int, text: str) -> None:
        super().__init__(daemon=True)
        self._pid, self._text = pid, text
        self._part: psutil.Process | None = None
        self._ended = threading.Event()
        self.cpu_s: float | None = None
        if text:
            self.start()

    def run(self) -> None:
        """Until it is ended."""
        while not self._ended.wait(_EVERY_S):
            with suppress(psutil.Error):
                self._look()

    def end(self) -> None:
        """Look no more; harmless when nothing was watched."""
        self._ended.set()
        if self.is_alive():
            self.join()

    def _look(self) -> None:
        self._part = self._part or self._found()
        if self._part:
            used = self._part.cpu_times()
            self.cpu_s = used.user + used.system

    def _found(self) -> psutil.Process | None:
        below = psutil.Process(self._pid).children(recursive=True)
        return next((one for one in below if self._text in " ".join(one.cmdline())), None)
