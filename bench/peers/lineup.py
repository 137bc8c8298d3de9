"""Who is compared in which mode."""

from collections.abc import Sequence

from bench.peers.client import Client, Load
from bench.peers.fortio import Fortio
from bench.peers.ghz import Ghz
from bench.peers.h2load import H2load
from bench.peers.locust_users import LocustUsers
from bench.peers.open_loop import OpenLoop, ours
from bench.peers.transport_alone import transports_alone

MODES = ("fidelity", "saturated", "pacing", "stall")
RATES_RPS = (50.0, 500.0, 2000.0)
STALL_RPS = 200.0
_FEW = 4
_USERS = 10
_KNEE = (0.5, 1.0, 2.0)
"""Shares of what one process of ours holds."""


def at_a_rate() -> list[Client]:
    """For fidelity: each with what its own documentation gives for a constant rate."""
    return [Ghz(), Fortio(), LocustUsers(), *ours()]


def flat_out() -> list[Client]:
    """As fast as they can."""
    return [H2load(), Fortio("fortio"), Ghz("ghz"), LocustUsers(), *ours(), *transports_alone()]


def stalled() -> list[Client]:
    """All ways of waiting for a server that stalls."""
    return [
        *ours(),
        Ghz(),
        Ghz("ghz (50 workers, its default)", 50, is_async=False),
        Ghz(f"ghz -c {_FEW}", _FEW, is_async=False),
        Fortio(f"fortio -c {_FEW}", _FEW, ()),
        Fortio(f"fortio -c {_FEW} -nocatchup -uniform", _FEW, ("-nocatchup", "-uniform")),
        LocustUsers(f"Locust as documented, {_USERS} users", _USERS),
    ]


def pacing_loads(client: OpenLoop, seconds: float) -> list[Load]:
    """Up to and beyond what one process can send."""
    return [Load("", seconds, share * client.busy_rps, "poisson") for share in _KNEE]


def everyone() -> list[Client]:
    """Every client of every mode; programs are there more than once."""
    return [*at_a_rate(), *flat_out(), *stalled()]


def present(clients: Sequence[Client], wanted: Sequence[str] = ()) -> list[Client]:
    """Those whose programs are here, and whose names hold one of the wanted texts, if any."""
    return [
        client
        for client in clients
        if client.version() is not None
        and (not wanted or any(text in client.name for text in wanted))
    ]
