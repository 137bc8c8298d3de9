"""The default target: a spin worker of our own, a process beside this one on a free port."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gevent

from grpc_user.errors import EmbeddedWorkerError

log = logging.getLogger(__name__)

ATTRIBUTE = "embedded_spin_worker"
PROJECT_ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 30.0
END_TIMEOUT_S = 5.0
LISTENING = " listening on "
WORKER = ("worker", "--port", "0", "--host", "127.0.0.1")


class EmbeddedWorker:
    """One process and the address it serves on.

    Args:
        command: The module to run and its arguments; it prints one line with its address.
    """

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        # Read only when it does not start.
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grpc_user.tied_process", str(os.getpid()), *command],
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            stdin=subprocess.DEVNULL,
            env=worker_environment(os.environ),
            start_new_session=True,  # Ctrl-C is for the generator, which still drains
        )
        try:
            self.address = self._read_address()
        except BaseException:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """End the process that this object started, and only that."""
        if self.alive:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._stderr.close()

    def _read_address(self) -> str:
        """Wait for the line that says where it serves."""
        assert self._process.stdout is not None, "stdout is a pipe"
        line = b""
        with gevent.Timeout(START_TIMEOUT_S, False):
            line = self._process.stdout.readline()
        text = line.decode(errors="replace").strip()
        if LISTENING not in text:
            raise EmbeddedWorkerError(
                f"the spin worker did not start: {text or self._last_words()}; "
                "valid: --host HOST:PORT"
            )
        return text.rpartition(LISTENING)[2]

    def _last_words(self) -> str:
        self._stderr.seek(0)
        lines = self._stderr.read().decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it said nothing")


def worker_environment(environment: Any) -> dict[str, str]:
    """The environment for a worker: our packages from any folder, no port from a platform."""
    kept = {name: value for name, value in environment.items() if name not in ("PORT", "HOST")}
    path = [str(PROJECT_ROOT), kept.get("PYTHONPATH", "")]
    return {**kept, "PYTHONPATH": os.pathsep.join(part for part in path if part)}


def embedded_host(environment: Any) -> str:
    """The address of this process's worker, started now if it is not running.

    Raises:
        EmbeddedWorkerError: when it does not start.
    """
    worker: EmbeddedWorker | None = getattr(environment, ATTRIBUTE, None)
    if worker is None or not worker.alive:
        worker = EmbeddedWorker()
        setattr(environment, ATTRIBUTE, worker)
        log.info("No --host: calls go to a spin worker of our own at %s", worker.address)
    return worker.address


def end_embedded_worker(environment: Any) -> None:
    """End this process's worker, if it has one."""
    worker: EmbeddedWorker | None = getattr(environment, ATTRIBUTE, None)
    if worker is not None:
        setattr(environment, ATTRIBUTE, None)
        worker.end()
