"""h2load (nghttp2): raw HTTP/2 in C, the least that a request can cost; it does not know gRPC."""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers.client import METHOD, OUTSTANDING, REQUEST, Load, Reported, Unreadable
from bench.peers.programs import program, said_version

_BODY = "body.bin"
_UNITS_MS = {"us": 1e-3, "ms": 1.0, "s": 1e3}
_COUNTS = re.compile(r"requests: (\d+) total, .*?(\d+) succeeded, (\d+) failed, (\d+) errored")
_TIME = re.compile(r"time for request:\s+(\S+?)(us|ms|s)\s+(\S+?)(us|ms|s)\s")


@dataclass(frozen=True)
class H2load:
    """h2load on one connection, as fast as it can.

    It sends a message as gRPC frames it and counts HTTP answers; the status in the trailers it does
    not read. It tells no percentiles.

    Attributes:
        name: As in tables.
        laws: None: it is not compared at a fixed rate.
        extra_s: As of every client.
        part: None.
    """

    name: str = "h2load"
    laws: tuple[str, ...] = ()
    extra_s: float = 0.3
    part: str = ""

    def version(self) -> str | None:
        """As the program says, "nghttp2/1.52.0"."""
        return said_version("h2load", "--version")

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """Write the message; a rate is kept by its `--rps`."""
        message = REQUEST.SerializeToString()
        (folder / _BODY).write_bytes(struct.pack(">BI", 0, len(message)) + message)
        paced = [] if load.rate_rps is None else [f"--rps={load.rate_rps:g}"]
        return [
            program("h2load") or "h2load",
            *("-c", "1", "-m", str(OUTSTANDING), "-D", f"{max(1, round(load.seconds))}", *paced),
            *("-H", "content-type: application/grpc", "-H", "te: trailers"),
            *("-d", str(folder / _BODY), f"http://{load.address}/{METHOD}"),
        ]

    def read(self, folder: Path, printed: str) -> Reported:  # noqa: ARG002 - as of every client
        """What it printed."""
        return read_h2load(printed)


def read_h2load(printed: str) -> Reported:
    """Read the summary at the end.

    Raises:
        Unreadable: where there is none.
    """
    counts, times = _COUNTS.search(printed), _TIME.search(printed)
    if counts is None or times is None:
        raise Unreadable(f"h2load: no summary in {printed[-200:]!r}")
    total, _, failed, errored = map(int, counts.groups())
    slowest_ms = float(times[3]) * _UNITS_MS[times[4]]
    return Reported(calls=total, failed=failed + errored, latency_ms={"max": slowest_ms})
