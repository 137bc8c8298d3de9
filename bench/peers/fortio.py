"""fortio: in gRPC it can only ask for health, or ping its own server."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers.client import OUTSTANDING, Load, Reported, Unreadable
from bench.peers.programs import module_version, program

_OUT = "fortio.json"
_MS_PER_S = 1e3
_UNPACED = "0"


@dataclass(frozen=True)
class Fortio:
    """fortio: each connection sleeps until its next call is due.

    Attributes:
        name: As in tables.
        connections: Of its `-c`; each has one call under way.
        flags: More of its options.
        laws: As of every client.
        extra_s: As of every client.
        part: None.
    """

    name: str = "fortio -uniform"
    connections: int = 16
    flags: tuple[str, ...] = ("-uniform",)
    laws: tuple[str, ...] = ("uniform",)
    extra_s: float = 0.4
    part: str = ""

    def version(self) -> str | None:
        """Of the module that it was built from."""
        return module_version("fortio", "version")

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """Health calls; as fast as it can on one connection with many streams, or paced."""
        paced = load.rate_rps is not None
        return [
            program("fortio") or "fortio",
            *("load", "-grpc", "-quiet", "-p", "50,90,95,99", "-r", "0.00001"),
            *("-t", f"{load.seconds:g}s", "-json", str(folder / _OUT)),
            *("-qps", f"{load.rate_rps:g}" if paced else _UNPACED),
            *("-c", str(self.connections) if paced else "1"),
            *("-s", "1" if paced else str(OUTSTANDING)),
            *(self.flags if paced else ()),
            load.address,
        ]

    def read(self, folder: Path, printed: str) -> Reported:  # noqa: ARG002 - as of every client
        """Its JSON."""
        return read_fortio((folder / _OUT).read_text(encoding="utf-8"))


def read_fortio(text: str) -> Reported:
    """Read the JSON of `-json`.

    Raises:
        Unreadable: where it is not that.
    """
    try:
        said = json.loads(text)
        durations = said["DurationHistogram"]
        quantiles = {
            f"p{part['Percentile']:g}": part["Value"] * _MS_PER_S
            for part in durations["Percentiles"] or ()
        }
        return Reported(
            calls=durations["Count"],
            failed=sum(count for code, count in said["RetCodes"].items() if code != "SERVING"),
            latency_ms={**quantiles, "max": durations["Max"] * _MS_PER_S},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"fortio: {error!r} in {text[:200]!r}") from error
