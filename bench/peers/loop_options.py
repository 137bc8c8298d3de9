"""What the loops of the transports alone are told, and what they say at the end."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from bench.peers.client import OUTSTANDING


def loop_parser(description: str) -> argparse.ArgumentParser:
    """The options that all of them have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--host", required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rate", type=float, default=0.0, help="of all; 0 for as fast as can be")
    parser.add_argument("--out", type=Path, required=True)
    return parser


def pause_s(rate_rps: float) -> float:
    """What each of the calls under way waits before its next."""
    return OUTSTANDING / rate_rps if rate_rps else 0.0


def write(path: Path, latencies_s: Sequence[float], failed: int) -> None:
    """As `TransportAlone.read` reads it."""
    said = {"failed": failed, "latencies_s": list(latencies_s)}
    path.write_text(json.dumps(said), encoding="utf-8")
