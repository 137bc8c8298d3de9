"""Starts clients on their core and says what they used."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.peers.part import PartOf
from bench.processes import ROOT, on_core, with_our_packages

CLIENT_CORE = 1
_SPARE_S = 45.0
_SHOWN = 300


class ClientFailed(Exception):
    """A client could not do what it was asked."""


@dataclass(frozen=True)
class Ended:
    """How a client ended.

    Attributes:
        exit_code: Of the program.
        cpu_s: CPU time, user and system, of it and of what it started and waited for.
        printed: Both of its streams.
        part_cpu_s: CPU time of the part that was asked for; None where there is none.
    """

    exit_code: int
    cpu_s: float
    printed: str
    part_cpu_s: float | None = None


class Started:
    """A client that runs, in a process group of its own.

    Args:
        command: With its arguments.
        folder: Where its output goes.
        lasts_s: How long its load lasts; three quarters of a minute more, and it is ended.
        part: In the command line of one of its processes, to be measured alone too; "" for none.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, lasts_s: float, part: str = ""
    ) -> None:
        self._log = folder / "printed.txt"
        with self._log.open("wb") as log, on_core(CLIENT_CORE):
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=with_our_packages(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._part = PartOf(self._process.pid, part)
        self._until_s = time.monotonic() + lasts_s + _SPARE_S

    def wait(self) -> Ended:
        """Until it ends, or is ended for taking too long."""
        left_s = max(0.0, self._until_s - time.monotonic())
        too_long = threading.Timer(left_s, self._kill)
        too_long.start()
        try:
            _, status, used = os.wait4(self._process.pid, 0)
            self._process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            too_long.cancel()
            self.end()
            self._part.end()
        printed = self._log.read_text(encoding="utf-8", errors="replace")
        cpu_s = used.ru_utime + used.ru_stime
        return Ended(self._process.returncode, cpu_s, printed, self._part.cpu_s)

    def end(self) -> None:
        """End it and what it started, wherever they are; harmless when they have ended."""
        self._kill()
        if self._process.returncode is None:
            self._process.wait()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def failure(name: str, ended: Ended, error: Exception) -> ClientFailed:
    """What to say of a client of which nothing could be read."""
    printed = ended.printed[-_SHOWN:]
    return ClientFailed(f"{name}: exit {ended.exit_code}, {error!r}, it printed {printed!r}")
