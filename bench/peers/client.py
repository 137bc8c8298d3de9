"""What a load generator under comparison has to offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from proto import spin_pb2

REQUEST = spin_pb2.SpinRequest(request_id="bench/0123456789", spin_us=1000)
METHOD = "spin.v1.Spinner/Spin"
OUTSTANDING = 64
"""Calls under way at once where a client sends as fast as it can."""


@dataclass(frozen=True)
class Load:
    """What is asked of a client.

    Attributes:
        address: HOST:PORT of the no-op server.
        seconds: Length of the load.
        rate_rps: Calls a second; None for as fast as it can.
        law: "uniform" (equidistant) or "poisson".
        seed: Of the arrivals, where a client takes one.
        http_address: HOST:PORT where the same server takes plain HTTP; "" where it does not.
    """

    address: str
    seconds: float
    rate_rps: float | None = None
    law: str = "uniform"
    seed: int = 1
    http_address: str = ""


@dataclass(frozen=True)
class Reported:
    """What a client says of itself, in its own words.

    Attributes:
        calls: Calls that ended, failed ones included.
        failed: Of these.
        latency_ms: By name ("p50", "p90", "p95", "p99", "max"), what it tells.
        lag_ms: Likewise the delay of the sendings; empty where it tells none.
        unsent: Calls that it says it owed and did not make; 0 where it does not say.
        level: The client's own verdict on the run; "" where it gives none.
    """

    calls: int
    failed: int
    latency_ms: Mapping[str, float]
    lag_ms: Mapping[str, float] = field(default_factory=dict)
    unsent: int = 0
    level: str = ""


class Unreadable(Exception):
    """What a client printed is not what it is known to print."""


class Client(Protocol):
    """One way of making load with one program."""

    @property
    def name(self) -> str:
        """As in tables."""
        ...

    @property
    def laws(self) -> tuple[str, ...]:
        """The laws of arrival that it is tried with at a fixed rate."""
        ...

    @property
    def extra_s(self) -> float:
        """Seconds that a run of it lasts beyond its load, about."""
        ...

    @property
    def part(self) -> str:
        """In the command line of a process of its own whose CPU is told beside; "" for none."""
        ...

    def version(self) -> str | None:
        """Of the program; None where it is not here."""
        ...

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """What to start; the folder is for its files."""
        ...

    def read(self, folder: Path, printed: str) -> Reported:
        """What it left in the folder or printed.

        Raises:
            Unreadable: where that is not as known.
        """
        ...
