"""This project's transports without the rest of it: what a call costs before Locust and records."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers.client import Load, Reported
from bench.peers.open_loop import quantiles_ms
from grpc_user.transport import H2, TRANSPORTS

_OUT = "loop.json"
ALONE = "alone"
"""Part of the names of all that is no whole load generator."""


@dataclass(frozen=True)
class TransportAlone:
    """Calls under way at once over one connection of a transport.

    Attributes:
        name: As in tables.
        loop: The module that calls, and its flags.
        laws: None: it is not compared at a fixed rate.
        extra_s: As of every client.
        part: None.
    """

    name: str
    loop: tuple[str, ...]
    laws: tuple[str, ...] = ()
    extra_s: float = 1.3
    part: str = ""

    def version(self) -> str | None:
        """It is always here."""
        return "as here"

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """A process without Locust."""
        return [
            *(sys.executable, "-m", *self.loop),
            *("--host", load.address, "--seconds", f"{load.seconds:g}"),
            *("--rate", f"{load.rate_rps or 0:g}", "--out", str(folder / _OUT)),
        ]

    def read(self, folder: Path, printed: str) -> Reported:  # noqa: ARG002 - as of every client
        """Its JSON."""
        said = json.loads((folder / _OUT).read_text(encoding="utf-8"))
        latencies_s = said["latencies_s"]
        return Reported(len(latencies_s), said["failed"], quantiles_ms(latencies_s))


def transports_alone() -> list[TransportAlone]:
    """One for each transport that there is, and h2 without gevent too."""
    in_hub = [
        TransportAlone(
            f"ours, {name}: the transport {ALONE}",
            ("bench.peers.transport_loop", "--transport", name),
        )
        for name in TRANSPORTS
    ]
    return [*in_hub, TransportAlone(f"ours, {H2}: the core {ALONE}", ("bench.peers.core_loop",))]
