"""ghz (bojand/ghz): gRPC load in Go."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.json_format import MessageToJson

from bench.peers.client import METHOD, OUTSTANDING, REQUEST, Load, Reported, Unreadable
from bench.peers.programs import module_version, program
from bench.processes import ROOT

_OUT = "ghz.json"
_MS_PER_NS = 1e-6


@dataclass(frozen=True)
class Ghz:
    """ghz on one connection.

    Attributes:
        name: As in tables.
        workers: Of its `-c`: calls under way at once, unless asynchronous.
        is_async: Its `--async`: a call at each tick, whatever is under way.
        laws: As of every client.
        extra_s: As of every client.
        part: None.
    """

    name: str = "ghz --async"
    workers: int = OUTSTANDING
    is_async: bool = True
    laws: tuple[str, ...] = ("uniform",)
    extra_s: float = 0.3
    part: str = ""

    def version(self) -> str | None:
        """Of the module that it was built from."""
        return module_version("ghz", "--version")

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """Without a rate as fast as its workers can; with one, at that rate."""
        paced = [] if load.rate_rps is None else ["-r", f"{load.rate_rps:g}"]
        paced += ["--async"] if self.is_async and load.rate_rps is not None else []
        return [
            program("ghz") or "ghz",
            *("--insecure", "--proto", str(ROOT / "proto" / "spin.proto"), "--call", METHOD),
            *("-d", MessageToJson(REQUEST, indent=None, preserving_proto_field_name=True)),
            *("-c", str(self.workers), "--connections", "1", *paced),
            *("-z", f"{load.seconds:g}s", "--duration-stop", "wait"),
            *("-O", "json", "-o", str(folder / _OUT), load.address),
        ]

    def read(self, folder: Path, printed: str) -> Reported:  # noqa: ARG002 - as of every client
        """Its JSON."""
        return read_ghz((folder / _OUT).read_text(encoding="utf-8"))


def read_ghz(text: str) -> Reported:
    """Read the JSON of `-O json`.

    Raises:
        Unreadable: where it is not that.
    """
    try:
        said = json.loads(text)
        quantiles = {
            f"p{part['percentage']}": part["latency"] * _MS_PER_NS
            for part in said["latencyDistribution"] or ()
        }
        codes = said["statusCodeDistribution"] or {}
        return Reported(
            calls=said["count"],
            failed=said["count"] - codes.get("OK", 0),
            latency_ms={**quantiles, "max": said["slowest"] * _MS_PER_NS},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"ghz: {error!r} in {text[:200]!r}") from error
