"""Network namespaces of a test's own, joined to this machine by cables that can be cut."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.faults.privileges import IP, python_in_namespace

_NUMBERS = count(os.getpid() % 120 * 2)
"""So that two test processes at once do not meet."""


def ip(*words: str) -> None:
    subprocess.run([IP, *words], check=True, capture_output=True)


@dataclass
class Cable:
    """A cable between this machine and a namespace.

    Attributes:
        near: The address here.
        far: The address there.
    """

    name: str
    namespace: str
    near: str
    far: str

    def plug(self) -> None:
        ip("-n", self.namespace, "link", "set", f"{self.name}-far", "up")

    def unplug(self) -> None:
        ip("-n", self.namespace, "link", "set", f"{self.name}-far", "down")

    def unplug_for(self, seconds: float) -> None:
        self.unplug()
        time.sleep(seconds)
        self.plug()


@dataclass
class Elsewhere:
    """A network namespace.

    Attributes:
        python: An interpreter that runs in it.
        cables: Those that join it to this machine.
    """

    name: str
    python: str
    cables: list[Cable] = field(default_factory=list)


@contextmanager
def elsewhere(folder: Path, cables: int = 1) -> Iterator[Elsewhere]:
    """A namespace joined by so many cables; both are gone afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"fault{next(_NUMBERS)}"
    ip("netns", "add", name)
    try:
        ip("-n", name, "link", "set", "lo", "up")
        there = Elsewhere(name, python_in_namespace(folder, name))
        there.cables.extend(_cable(name) for _ in range(cables))
        yield there
    finally:
        ip("netns", "del", name)


def _cable(namespace: str) -> Cable:
    number = next(_NUMBERS)
    name, net = f"fc{number}", f"10.213.{number % 256}"
    cable = Cable(name, namespace, f"{net}.1", f"{net}.2")
    ip("link", "add", name, "type", "veth", "peer", "name", f"{name}-far", "netns", namespace)
    ip("addr", "add", f"{cable.near}/24", "dev", name)
    ip("-n", namespace, "addr", "add", f"{cable.far}/24", "dev", f"{name}-far")
    ip("link", "set", name, "up")
    cable.plug()
    return cable
