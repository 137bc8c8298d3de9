"""Who is compared in which mode."""

from collections.abc import Sequence
from typing import TypeVar

from bench.peers import skew, spin_worker
from bench.peers.aiperf import AIPerf
from bench.peers.client import Client
from bench.peers.fortio import Fortio
from bench.peers.ghz import Ghz
from bench.peers.h2load import H2load
from bench.peers.locust_users import LocustUsers
from bench.peers.open_loop import ours
from bench.peers.transport_alone import transports_alone

MODES = ("fidelity", "saturated", "pacing", "stall", skew.MODE, spin_worker.MODE)
RATES_RPS = (50.0, 500.0, 2000.0)
STALL_RPS = 200.0
_AT_MOST = {"pacing": 2, "stall": 1, skew.MODE: 1, spin_worker.MODE: 1}
"""Repetitions at most: the whole is to take less than a quarter of an hour."""
_FEW = 4
_AIPERF_RPS = 50.0
"""Above, its processes use up the one core that they have."""
_USERS = 10
_Some = TypeVar("_Some", bound=Client)


def at_a_rate(rate_rps: float) -> list[Client]:
    """For fidelity: each with what its own documentation gives for a constant rate."""
    mine = [client for client in ours() if rate_rps >= client.from_rps]
    return [Ghz(), Fortio(), LocustUsers(), *mine]


def paced_only(rate_rps: float) -> list[Client]:
    """Compared for when its requests come, and not for what they cost."""
    return [AIPerf()] if rate_rps <= _AIPERF_RPS else []


def repeats(mode: str, repetition: int) -> bool:
    """Whether a mode has a place in this repetition; from 1."""
    return repetition <= _AT_MOST.get(mode, repetition)


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


def everyone() -> list[Client]:
    """Every client of every mode; programs are there more than once."""
    paced = (one for rate in RATES_RPS for one in (*at_a_rate(rate), *paced_only(rate)))
    return [*paced, *flat_out(), *stalled()]


def present(clients: Sequence[_Some], wanted: Sequence[str] = ()) -> list[_Some]:
    """Those whose programs are here, and whose names hold one of the wanted texts, if any."""
    return [
        client
        for client in clients
        if client.version() is not None
        and (not wanted or any(text in client.name for text in wanted))
    ]
