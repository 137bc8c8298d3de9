"""The server that all clients call: in Go where Go is, else in Python."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.peers.programs import PEERS
from bench.processes import ROOT, on_core, with_our_packages

SERVER_CORE = 0
GO, PYTHON = "bench/noop_server (grpc-go)", "bench.stalling_server (grpc.aio)"
_SOURCE = ROOT / "bench" / "noop_server"
_BUILT = PEERS / "bin" / "noop_server"
_S_PER_NS = 1e-9
_ENDS_WITHIN_S = 30.0


class NoServer(Exception):
    """The server could not be started."""


@dataclass
class Noop:
    """A server that runs.

    Attributes:
        address: HOST:PORT.
        arrivals_s: When calls arrived, in order, since 1970; known once it has ended.
    """

    address: str
    arrivals_s: np.ndarray = field(default_factory=lambda: np.empty(0))


def built() -> str | None:
    """Build the server in Go if it is not there as it is now; None where there is no Go."""
    newest_s = max(path.stat().st_mtime for path in _SOURCE.iterdir())
    if _BUILT.exists() and _BUILT.stat().st_mtime >= newest_s:
        return str(_BUILT)
    if shutil.which("go") is None:
        return None
    command = ["go", "build", "-trimpath", "-o", str(_BUILT), "."]
    ended = subprocess.run(command, cwd=_SOURCE, env=_go_environment(), check=False)
    return None if ended.returncode else str(_BUILT)


def _go_environment() -> dict[str, str]:
    return {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}


@contextmanager
def serving(
    binary: str | None, stall_every_s: float = 0.0, stall_for_s: float = 0.0
) -> Iterator[Noop]:
    """A server on a core of its own, with its stamps once it has ended.

    Raises:
        NoServer: where it did not say where it listens.
    """
    with tempfile.TemporaryDirectory() as folder:
        stamps = Path(folder, "stamps")
        command = _command(binary, stamps, stall_every_s, stall_for_s)
        with on_core(SERVER_CORE):
            process = subprocess.Popen(
                command, cwd=ROOT, env=with_our_packages(), stdout=subprocess.PIPE, text=True
            )
        try:
            noop = Noop(_address(process))
            yield noop
        finally:
            _end(process)
        if stamps.exists():
            noop.arrivals_s = np.sort(np.fromfile(stamps, "<i8")) * _S_PER_NS


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _command(binary: str | None, stamps: Path, every_s: float, for_s: float) -> list[str]:
    if binary:
        stalls = ["-stall-every", f"{every_s:g}s", "-stall-for", f"{for_s:g}s"]
        return [binary, "-out", str(stamps), *stalls]
    stalls = ["--stall-every", f"{every_s:g}", "--stall-for", f"{for_s:g}"]
    return [sys.executable, "-m", "bench.stalling_server", "--stamps", str(stamps), *stalls]


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None, "it was asked for"
    words = process.stdout.readline().split()
    if not words:
        raise NoServer("the no-op server did not start")
    return words[-1]
