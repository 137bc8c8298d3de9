"""The figures of one client under one load: what the server saw, what it used, what it says."""

import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.peers import gaps, noop, started
from bench.peers.client import Client, Load, Reported
from bench.peers.rows import Row
from bench.peers.servers import Server

_US_PER_S, _MS_PER_S = 1e6, 1e3
_SKIP_SHARE, _SKIP_AT_MOST_S = 0.2, 1.0
_BIN_S = 0.1
_STEPS = 101
_ENOUGH = 10
START_UP = Load(address="", seconds=1.0, rate_rps=5.0)
"""Next to nothing is sent: what a client uses then is the cost of its start."""
SHORT_SHARE = 0.25
"""Of a load's length: what the whole costs beyond so much of it is the cost of calls."""


@dataclass(frozen=True)
class Seen:
    """One client under one load.

    Attributes:
        arrivals_s: At the server, in order.
        cpu_s: CPU time of the client.
        reported: What it says.
        lasted_s: From the first arrival to the last; the load's length where none were noted.
        part_cpu_s: CPU time of one of its processes; None where none is told alone.
    """

    arrivals_s: np.ndarray
    cpu_s: float
    reported: Reported
    lasted_s: float
    part_cpu_s: float | None = None

    @property
    def count(self) -> int:
        """Calls that arrived; that the client says it made, where the server notes none."""
        return len(self.arrivals_s) or self.reported.calls


def scratch() -> AbstractContextManager[str]:
    """A folder for a client's files; a program that still writes to it hinders nobody."""
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


def see(client: Client, load: Load, server: Server) -> Seen:
    """Run one client against a server of its own.

    Raises:
        started.ClientFailed: where it left nothing to read, or something unknown.
    """
    with scratch() as made:
        folder = Path(made)
        with noop.serving(server) as target:
            there = replace(load, address=target.address, http_address=target.http_address)
            command = client.command(there, folder)
            ended = started.Started(command, folder, load.seconds, client.part).wait()
        try:
            reported = client.read(folder, ended.printed)
        except Exception as error:
            raise started.failure(client.name, ended, error) from error
        lasted_s = _lasted_s(target.arrivals_s, load)
        return Seen(target.arrivals_s, ended.cpu_s, reported, lasted_s, ended.part_cpu_s)


def _lasted_s(arrivals_s: np.ndarray, load: Load) -> float:
    return float(arrivals_s[-1] - arrivals_s[0]) if len(arrivals_s) else load.seconds


def row_of(about: tuple[str, str, int], load: Load, seen: Seen, start: Seen | None) -> Row:
    """All figures of one client (mode, name, repetition) under one load.

    Without what its start used there is no CPU time of a request.
    """
    spacing, curves = _spacing(seen.arrivals_s, load)
    values = {
        "arrivals": float(len(seen.arrivals_s)),
        **_cpu(seen, start),
        **said(seen.reported),
        **spacing,
    }
    return Row(
        *(*about, load.rate_rps, load.law, values, curves),
        level=seen.reported.level,
    )


def said(reported: Reported) -> dict[str, float]:
    """What the client says, by name."""
    return {
        "calls": float(reported.calls),
        "failed": float(reported.failed),
        "unsent": float(reported.unsent),
        **{f"latency_{name}_ms": value for name, value in reported.latency_ms.items()},
        **{f"lag_{name}_ms": value for name, value in reported.lag_ms.items()},
    }


def _cpu(seen: Seen, start: Seen | None) -> dict[str, float]:
    if not seen.count:
        return {}
    said = {"seen_rps": seen.count / seen.lasted_s if seen.lasted_s else 0.0}
    more = seen.count - (start.count if start is not None else 0)
    if start is None or more <= 0:
        return said
    used_s = {"cpu_us": seen.cpu_s - start.cpu_s}
    if seen.part_cpu_s is not None and start.part_cpu_s is not None:
        used_s["part_cpu_us"] = seen.part_cpu_s - start.part_cpu_s
    # Of few calls on a busy machine the start may seem to cost more than the run: no figure then.
    each_us = {name: _US_PER_S * used / more for name, used in used_s.items() if used > 0}
    return {**said, **each_us}


def _spacing(
    arrivals_s: np.ndarray, load: Load
) -> tuple[Mapping[str, float], Mapping[str, list[float]]]:
    skip_s = min(_SKIP_AT_MOST_S, _SKIP_SHARE * load.seconds)
    kept_s = gaps.settled(arrivals_s, skip_s)
    if load.rate_rps is None or len(kept_s) < _ENOUGH:
        return {}, {}
    between_s, rate_rps = np.diff(kept_s), load.rate_rps
    values = {
        "cv": gaps.variation(between_s),
        "off_law": gaps.distance_to_law(between_s, rate_rps, load.law),
    }
    if (dispersion := gaps.dispersion(kept_s, _BIN_S)) is not None:
        values["dispersion"] = dispersion
    curves = {"gap": quantile_curve(between_s * rate_rps)}
    if load.law == "poisson":
        return {**values, "ks": gaps.exponential_distance(between_s, rate_rps)}, curves
    off_ms = _MS_PER_S * gaps.off_plan_s(kept_s, rate_rps)
    return values, {**curves, "off_plan_ms": quantile_curve(off_ms)}


def quantile_curve(values: np.ndarray) -> list[float]:
    """Quantiles at equal steps from 0 to 1, as a row keeps them."""
    shares = np.linspace(0, 1, _STEPS)
    return [float(f"{value:.5g}") for value in np.quantile(values, shares)]
