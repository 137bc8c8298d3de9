"""This project: arrivals by plan, whatever the answers do."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bench.peers.client import Load, Reported, Unreadable
from bench.processes import HEADLESS, ROOT
from grpc_user.transport import GRPCIO, H2
from records.reader import open_run
from records.run_folder import RunFolderError
from records.summary_file import read_summary

_RUN = "ours"
_QUANTILES = {"p50": 50, "p90": 90, "p95": 95, "p99": 99, "max": 100}
_MS_PER_S = 1e3
_ENGINE = "grpc_user.engine.process"
_MOST_USERS = 1000
_FAST_RPS = (5000.0, 10_000.0, 20_000.0)


@dataclass(frozen=True)
class OpenLoop:
    """Locust with this project's arrivals.

    Attributes:
        name: As in tables.
        flags: What of the project's options is compared.
        busy_rps: Offered where others send as fast as they can: about what one process holds.
        pacing_rps: Up to and beyond what one process can send.
        from_rps: It is not compared at lower rates.
        part: In the command line of one of its processes, whose CPU is told beside; "" for none.
        laws: As of every client.
        extra_s: As of every client.
    """

    name: str
    flags: tuple[str, ...] = ()
    busy_rps: float = 3500.0
    pacing_rps: tuple[float, ...] = (2000.0, 3000.0)
    from_rps: float = 0.0
    part: str = ""
    laws: tuple[str, ...] = ("uniform", "poisson")
    extra_s: float = 2.6

    def version(self) -> str | None:
        """Of what it is built on."""
        return f"as here, on Locust {version('locust')} and grpcio {version('grpcio')}"

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """Headless, with records."""
        rate_rps = load.rate_rps or self.busy_rps
        return [
            *(sys.executable, "-m", "locust", *HEADLESS, "-f", str(ROOT / "locustfile.py")),
            *("--host", load.address, "--rps", f"{rate_rps:g}", "--duration", f"{load.seconds:g}s"),
            *("--distribution", load.law, "--seed", str(load.seed), "--spin", "1ms"),
            *("--records", str(folder), "--run-id", _RUN, *_users(rate_rps), *self.flags),
        ]

    def read(self, folder: Path, printed: str) -> Reported:
        """The records: one row for each arrival of the plan."""
        try:
            return self._recorded(folder / _RUN)
        except (RunFolderError, KeyError) as error:
            raise Unreadable(f"{error!r}: {printed[-200:]!r}") from error

    def _recorded(self, folder: Path) -> Reported:
        run = open_run(folder)
        rows = run.table(["intended_s", "sent_s", "received_s", "status"]).to_pandas()
        sent = rows.dropna(subset=["sent_s"])
        answered = sent[sent.status == "ok"]
        return Reported(
            calls=len(sent),
            failed=len(sent) - len(answered),
            latency_ms=quantiles_ms(answered.received_s - answered.intended_s),
            lag_ms=quantiles_ms(sent.sent_s - sent.intended_s),
            unsent=len(rows) - len(sent),
            level=str(read_summary(folder)["verdict"]["level"]),
        )


def _users(rate_rps: float) -> list[str]:
    """Locust makes an object for each user, which costs more than it tells when they are many."""
    if rate_rps <= _MOST_USERS:
        return []
    return ["--rps-per-user", f"{rate_rps / _MOST_USERS:g}"]


def quantiles_ms(values_s: Sequence[float] | np.ndarray) -> Mapping[str, float]:
    """Percentiles by name; nothing of nothing."""
    if not len(values_s):
        return {}
    values = np.percentile(np.asarray(values_s), list(_QUANTILES.values()), method="higher")
    return dict(zip(_QUANTILES, (_MS_PER_S * values).tolist(), strict=True))


def ours() -> list[OpenLoop]:
    """One for each transport that there is, and the engine in a process of its own."""
    apart = ("--transport", H2, "--engine", "process")
    return [
        OpenLoop(f"ours, {GRPCIO}", ("--transport", GRPCIO)),
        OpenLoop(f"ours, {H2}", ("--transport", H2), 14_000.0, (2000.0, 4000.0, 8000.0)),
        OpenLoop(f"ours, {H2}, engine process", apart, 54_000.0, _FAST_RPS, 500.0, _ENGINE),
    ]
