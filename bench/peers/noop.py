"""The server that all clients call, while it runs, and when calls arrived at it."""

import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.peers.servers import Server, Stalls
from bench.processes import ROOT, on_core, with_our_packages

SERVER_CORE = 0
_HTTP = re.compile(r"HTTP on (\S+),")
_S_PER_NS = 1e-9
_ENDS_WITHIN_S = 30.0
_NO_STALLS = Stalls()


class NoServer(Exception):
    """The server could not be started."""


@dataclass
class Noop:
    """A server that runs.

    Attributes:
        address: HOST:PORT.
        http_address: Where it takes plain HTTP; "" where it does not.
        arrivals_s: When calls arrived, in order, since 1970; known once it has ended.
    """

    address: str
    http_address: str = ""
    arrivals_s: np.ndarray = field(default_factory=lambda: np.empty(0))


@contextmanager
def serving(server: Server, stalls: Stalls = _NO_STALLS) -> Iterator[Noop]:
    """A server on a core of its own, with its stamps once it has ended.

    Raises:
        NoServer: where it did not say where it listens.
    """
    with tempfile.TemporaryDirectory() as folder:
        stamps = Path(folder, "stamps")
        with on_core(SERVER_CORE):
            process = subprocess.Popen(
                server.command(stamps, stalls),
                cwd=ROOT,
                env=with_our_packages(),
                stdout=subprocess.PIPE,
                text=True,
            )
        try:
            noop = _listening(process)
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


def _listening(process: subprocess.Popen[str]) -> Noop:
    assert process.stdout is not None, "it was asked for"
    line = process.stdout.readline()
    if not line.split():
        raise NoServer("the no-op server did not start")
    http = _HTTP.search(line)
    return Noop(line.split()[-1], http[1] if http else "")
