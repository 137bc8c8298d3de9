"""The servers that there are: in Go where Go is, else in Python; and one that hardly costs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers.programs import PEERS
from bench.processes import ROOT

GO, PYTHON, CANNED = "go", "python", "canned"
KINDS = (GO, PYTHON, CANNED)
_SOURCE = ROOT / "bench" / "noop_server"
_PROGRAM = "noop_server"
_GO_SETTINGS = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}


@dataclass(frozen=True)
class Stalls:
    """How a server stalls.

    Attributes:
        every_s: From the start of one stall to the next; 0 for none.
        for_s: Length of each.
    """

    every_s: float = 0.0
    for_s: float = 0.0


@dataclass(frozen=True)
class Server:
    """A server that can be started.

    Attributes:
        name: As in the document.
        command: What starts it, from the file for its stamps and its stalls.
        stamps: Whether it notes when calls arrive.
        has_http: Whether it takes plain HTTP too.
    """

    name: str
    command: Callable[[Path, Stalls], Sequence[str]]
    stamps: bool = True
    has_http: bool = False


def chosen(kind: str | None) -> Server:
    """A server by its kind; without one that in Go, or in Python where Go's cannot be built."""
    if kind == CANNED:
        return _canned()
    program = build(PEERS / "bin") if kind in (GO, None) else None
    return in_python() if program is None else in_go(program)


def foreseen(kind: str | None) -> Server:
    """What `chosen` gives where Go's server can be built; nothing is built."""
    return in_go(PEERS / "bin" / _PROGRAM) if kind in (GO, None) else chosen(kind)


def build(folder: Path) -> Path | None:
    """Build the server in Go if the folder has none that is as new; None where it cannot be."""
    program = folder / _PROGRAM
    newest_s = max(path.stat().st_mtime for path in _SOURCE.iterdir())
    if program.exists() and program.stat().st_mtime >= newest_s:
        return program
    if shutil.which("go") is None:
        return None
    command = ["go", "build", "-trimpath", "-o", str(program), "."]
    ended = subprocess.run(command, cwd=_SOURCE, env={**os.environ, **_GO_SETTINGS}, check=False)
    return None if ended.returncode else program


def in_go(program: Path) -> Server:
    """The server of bench/noop_server."""

    def command(stamps: Path, stalls: Stalls) -> Sequence[str]:
        flags = ("-stall-every", f"{stalls.every_s:g}s", "-stall-for", f"{stalls.for_s:g}s")
        return (str(program), "-out", str(stamps), *flags)

    return Server("bench/noop_server (grpc-go)", command, has_http=True)


def in_python() -> Server:
    """The server of bench.stalling_server, which stamps less exactly."""

    def command(stamps: Path, stalls: Stalls) -> Sequence[str]:
        flags = ("--stall-every", f"{stalls.every_s:g}", "--stall-for", f"{stalls.for_s:g}")
        return (sys.executable, "-m", "bench.stalling_server", "--stamps", str(stamps), *flags)

    return Server("bench.stalling_server (grpc.aio)", command)


def _canned() -> Server:
    def command(_stamps: Path, _stalls: Stalls) -> Sequence[str]:
        return (sys.executable, "-m", "bench.canned_server")

    return Server("bench.canned_server (the same reply to all)", command, stamps=False)
