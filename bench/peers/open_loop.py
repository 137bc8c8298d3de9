"""This project: arrivals by plan, whatever the answers do."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bench.peers.client import Load, Reported
from bench.processes import HEADLESS, ROOT
from grpc_user.options import TRANSPORTS
from records.reader import open_run
from records.summary_file import read_summary

_RUN = "ours"
_QUANTILES = {"p50": 50, "p90": 90, "p95": 95, "p99": 99, "max": 100}
_MS_PER_S = 1e3


@dataclass(frozen=True)
class OpenLoop:
    """Locust with this project's arrivals.

    Attributes:
        name: As in tables.
        flags: What of the project's options is compared.
        flat_out_rps: Offered where it is to send as fast as it can: more than it is able to.
        laws: As of every client.
    """

    name: str
    flags: tuple[str, ...] = ()
    flat_out_rps: float = 6000.0
    laws: tuple[str, ...] = ("uniform", "poisson")

    def version(self) -> str | None:
        """Of grpcio, which carries the calls, or of Locust."""
        return f"Locust {version('locust')}, grpcio {version('grpcio')}"

    def command(self, load: Load, folder: Path) -> Sequence[str]:
        """Headless, with records."""
        rate_rps = load.rate_rps or self.flat_out_rps
        return [
            *(sys.executable, "-m", "locust", *HEADLESS, "-f", str(ROOT / "locustfile.py")),
            *("--host", load.address, "--rps", f"{rate_rps:g}", "--duration", f"{load.seconds:g}s"),
            *("--distribution", load.law, "--seed", str(load.seed), "--spin", "1ms"),
            *("--records", str(folder), "--run-id", _RUN, *self.flags),
        ]

    def read(self, folder: Path, printed: str) -> Reported:  # noqa: ARG002 - as of every client
        """The records: one row for each arrival of the plan."""
        run = open_run(folder / _RUN)
        rows = run.table(["intended_s", "sent_s", "received_s", "status"]).to_pandas()
        sent = rows.dropna(subset=["sent_s"])
        answered = sent[sent.status == "ok"]
        return Reported(
            calls=len(sent),
            failed=len(sent) - len(answered),
            latency_ms=quantiles_ms(answered.received_s - answered.intended_s),
            lag_ms=quantiles_ms(sent.sent_s - sent.intended_s),
            unsent=len(rows) - len(sent),
            level=str(read_summary(folder / _RUN)["verdict"]["level"]),
        )


def quantiles_ms(values_s: Sequence[float]) -> Mapping[str, float]:
    """Percentiles by name; nothing of nothing."""
    if not len(values_s):
        return {}
    values = np.percentile(np.asarray(values_s), list(_QUANTILES.values()), method="higher")
    return dict(zip(_QUANTILES, (_MS_PER_S * values).tolist(), strict=True))


def ours() -> list[OpenLoop]:
    """One for each transport that there is."""
    flat_out_rps = {"grpcio": 6000.0, "h2": 30_000.0}
    return [
        OpenLoop(f"ours, {name}", ("--transport", name), flat_out_rps.get(name, 6000.0))
        for name in TRANSPORTS
    ]
