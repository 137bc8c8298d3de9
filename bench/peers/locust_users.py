"""Locust as documented: users that wait for their answers."""

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench.peers.client import OUTSTANDING, Load, Reported, Unreadable
from bench.processes import HEADLESS, ROOT

_OUT = "locust"
_LOCUSTFILE = ROOT / "bench" / "peers" / "documented_locustfile.py"
_QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}


@dataclass(frozen=True)
class LocustUsers:
    """Users of which each makes its share of the rate, closed-loop.

    Attributes:
        name: As in tables.
        users: At a fixed rate; as fast as it can: one for each call under way.
        laws: As of every client.
        extra_s: As of every client.
        part: None.
    """

    name: str = "Locust as documented"
    users: int = 50
    laws: tuple[str, ...] = ("uniform",)
    extra_s: float = 0.8
    part: str = ""

    def version(self) -> str | None:
        """Of the package."""
        return version("locust")

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """Headless; its final statistics to a file."""
        users = OUTSTANDING if load.rate_rps is None else self.users
        each_rps = 0.0 if load.rate_rps is None else load.rate_rps / users
        return [
            *("env", f"CALLS_PER_S={each_rps:g}", sys.executable, "-m", "locust", *HEADLESS),
            *("-f", str(_LOCUSTFILE), "--host", load.address, "-u", str(users), "-r", str(users)),
            *("-t", f"{max(1, round(load.seconds))}s", "--json-file", str(folder / _OUT)),
        ]

    def read(self, folder: Path, printed: str) -> Reported:  # noqa: ARG002 - as of every client
        """Its JSON."""
        return read_stats((folder / f"{_OUT}.json").read_text(encoding="utf-8"))


def read_stats(text: str) -> Reported:
    """Read what `--json-file` writes: latencies rounded by Locust, and how many had each.

    Raises:
        Unreadable: where it is not that.
    """
    try:
        entries = json.loads(text)
        if not isinstance(entries, list):
            raise TypeError("no list of entries")  # noqa: TRY301 - told as all else that is wrong
        calls = sum(entry["num_requests"] for entry in entries)
        failed = sum(entry["num_failures"] for entry in entries)
        counted = sorted(
            (float(latency_ms), count)
            for entry in entries
            for latency_ms, count in entry["response_times"].items()
        )
        slowest_ms = max((entry["max_response_time"] for entry in entries), default=0.0)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"Locust: {error!r} in {text[:200]!r}") from error
    quantiles = {name: _quantile(counted, share) for name, share in _QUANTILES.items()}
    return Reported(calls, failed, {**quantiles, "max": slowest_ms} if counted else {})


def _quantile(counted: Sequence[tuple[float, int]], share: float) -> float:
    """The smallest latency that so large a share of calls did not exceed."""
    wanted, passed = math.ceil(share * sum(count for _, count in counted)), 0
    for latency_ms, count in counted:
        passed += count
        if passed >= wanted:
            return latency_ms
    return math.nan
