"""This project's transports without the rest of it: what a call costs before Locust and records."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers.client import Load, Reported
from bench.peers.open_loop import quantiles_ms
from grpc_user.transport import TRANSPORTS

_OUT = "loop.json"
ALONE = "the transport alone"


@dataclass(frozen=True)
class TransportAlone:
    """Calls under way at once over one connection of a transport.

    Attributes:
        transport: One of `grpc_user.transport.TRANSPORTS`.
        laws: None: it is not compared at a fixed rate.
    """

    transport: str
    laws: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As in tables."""
        return f"ours, {self.transport}: {ALONE}"

    def version(self) -> str | None:
        """It is always here."""
        return "as here"

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """A process without Locust."""
        return [
            *(sys.executable, "-m", "bench.peers.transport_loop", "--transport", self.transport),
            *("--host", load.address, "--seconds", f"{load.seconds:g}"),
            *("--rate", f"{load.rate_rps or 0:g}", "--out", str(folder / _OUT)),
        ]

    def read(self, folder: Path, printed: str) -> Reported:  # noqa: ARG002 - as of every client
        """Its JSON."""
        said = json.loads((folder / _OUT).read_text(encoding="utf-8"))
        latencies_s = said["latencies_s"]
        return Reported(len(latencies_s), said["failed"], quantiles_ms(latencies_s))


def transports_alone() -> list[TransportAlone]:
    """One for each transport that there is."""
    return [TransportAlone(name) for name in TRANSPORTS]
