"""Finds the peers' programs: those of `make bench-peers` first, then those of PATH."""

import os
import re
import shutil
import subprocess
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from bench.processes import ROOT

PEERS = ROOT / "bench" / ".peers"
_TAKES_S = 20.0


def program(name: str) -> str | None:
    """The path of a program, or None."""
    places = os.pathsep.join((str(PEERS / "bin"), os.environ.get("PATH", os.defpath)))
    return shutil.which(name, path=places)


@cache
def module_version(name: str, *asked: str) -> str | None:
    """The version of a Go program: that of its module, else what it says when asked.

    A program installed as a module calls itself "dev"; Go reads the module's version from it.
    """
    path = program(name)
    if path is None:
        return None
    if go := shutil.which("go"):
        found = re.search(r"^\tmod\t\S+\t(\S+)", _said(go, "version", "-m", path), re.MULTILINE)
        if found:
            return found[1]
    return last_word(_said(path, *asked))


@cache
def said_version(name: str, *asked: str) -> str | None:
    """The version that a program says it has; None where it is not here."""
    path = program(name)
    return None if path is None else last_word(_said(path, *asked))


def package_version(venv: Path, name: str) -> str | None:
    """Of a package in a virtual environment; None where it is not there."""
    places = [str(path) for path in venv.glob("lib/python*/site-packages")]
    there = distributions(name=name, path=places) if places else ()
    return next((one.version for one in there), None)


def last_word(said: str) -> str:
    """The last word of what was said; "unknown" for nothing."""
    return (said.split() or ["unknown"])[-1]


def _said(*command: str) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=_TAKES_S, check=False)
    return ended.stdout or ended.stderr
