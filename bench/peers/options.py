"""The command line of `python -m bench.peers`."""

import argparse
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.peers import lineup, servers
from bench.peers.lineup import MODES, RATES_RPS
from bench.processes import ROOT
from records.command_line import OneLineParser

_SECONDS, _REPS = 4.0, 3


@dataclass(frozen=True)
class Options:
    """What is measured.

    Attributes:
        seconds: Length of each load.
        reps: Repetitions.
        modes: Which of `MODES`.
        rates_rps: For fidelity.
        clients: Texts of which a client's name holds one; none for all.
        server: One of `servers.KINDS`; None for the best that there is.
        only_told: Whether the trials are to be listed and not made.
        out: Where the results go.
    """

    seconds: float
    reps: int
    modes: tuple[str, ...]
    rates_rps: tuple[float, ...]
    clients: tuple[str, ...]
    server: str | None
    only_told: bool
    out: Path


def parsed(arguments: Sequence[str] | None) -> Options:
    """Read the command line; exits 2 with one line on what is not valid."""
    parser = OneLineParser(
        prog="python -m bench.peers",
        description="This project beside ghz, fortio, h2load and Locust as documented.",
    )
    parser.add_argument("--only", type=_modes, default=MODES, help=f"of {', '.join(MODES)}")
    parser.add_argument("--seconds", type=_positive, default=_SECONDS, help="of each load")
    parser.add_argument("--reps", type=_count, default=_REPS, help="repetitions")
    parser.add_argument("--rates", type=_rates, default=RATES_RPS, help="for fidelity, rps")
    parser.add_argument("--clients", type=_texts, default=(), help="texts in their names")
    parser.add_argument("--server", choices=servers.KINDS, help="default: go, or else python")
    parser.add_argument("--dry-run", action="store_true", help="list the trials with their lengths")
    parser.add_argument("--out", type=Path, help="JSON; default: bench/results/TIME.json")
    said = parser.parse_args(arguments)
    out = said.out or ROOT / "bench" / "results" / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    if said.clients and not lineup.present(lineup.everyone(), said.clients):
        parser.error(f"no client that is here has {' or '.join(said.clients)!r} in its name")
    if said.server == servers.CANNED and set(said.only) != {"saturated"}:
        parser.error("--server canned notes no arrivals; valid with --only saturated")
    try:
        _can_be_written(out)
    except OSError as error:
        parser.error(f"--out {out} cannot be written: {error.strerror}")
    asked = (said.seconds, said.reps, said.only, said.rates, said.clients)
    return Options(*asked, said.server, said.dry_run, out)


def _can_be_written(path: Path) -> None:
    """Find out before anything is measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    was_there = path.exists()
    with path.open("a", encoding="utf-8"):
        pass
    if not was_there:
        path.unlink()


def _texts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _modes(text: str) -> tuple[str, ...]:
    if unknown := [mode for mode in _texts(text) if mode not in MODES]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(MODES)}")
    if not _texts(text):
        raise argparse.ArgumentTypeError(f"name one or more of {', '.join(MODES)}")
    return _texts(text)


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (0 < value < math.inf):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return value


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _rates(text: str) -> tuple[float, ...]:
    rates = tuple(_positive(part) for part in _texts(text))
    if not rates:
        raise argparse.ArgumentTypeError("name one or more rates, as 50,500")
    return rates
