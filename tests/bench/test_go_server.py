"""Both transports against the server in Go, which says when calls arrived; waiting users beside.

Ratios and correctness alone: other work may share the cores.
"""

import numpy as np
import pytest

from bench.peers import gaps, noop, servers, started
from bench.peers.client import Load
from bench.peers.locust_users import LocustUsers
from bench.peers.open_loop import OpenLoop
from bench.peers.stalled import stalled_rows
from grpc_user.transport import TRANSPORTS
from records.reader import open_run

pytestmark = pytest.mark.timeout(600)  # where nothing of grpc-go is built yet, it is built first

RATE_RPS, SECONDS = 100.0, 3.0
STALLS = servers.Stalls(every_s=10.0, for_s=1.0)
STALL_P95_MS = 500.0
ASKED = ["k", "phase", "method", "intended_s", "status", "spin_s"]
OURS = {name: OpenLoop(f"ours, {name}", ("--transport", name)) for name in TRANSPORTS}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = servers.build(tmp_path_factory.mktemp("noop-server"))
    if program is None:
        pytest.skip("Go is not here, or bench/noop_server's modules are not to be had")
    return servers.in_go(program)


def met(client, server, folder):
    """When the client's calls arrived at the server."""
    with noop.serving(server) as target:
        load = Load(target.address, SECONDS, RATE_RPS)
        started.Started(client.command(load, folder), folder, SECONDS).wait()
    return target.arrivals_s


@pytest.fixture(scope="module")
def runs(server, tmp_path_factory):
    """By transport: arrivals at the server, and the records."""
    made = {}
    for name, client in OURS.items():
        folder = tmp_path_factory.mktemp(name)
        arrivals_s = met(client, server, folder)
        made[name] = arrivals_s, open_run(folder / "ours").table(None).to_pandas()
    return made


@pytest.fixture(scope="module")
def of_waiting_users(server, tmp_path_factory):
    return met(LocustUsers(), server, tmp_path_factory.mktemp("users"))


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_every_call_arrives_once(transport, runs):
    arrivals_s, rows = runs[transport]
    assert len(rows) == RATE_RPS * SECONDS
    assert len(arrivals_s) == rows.sent_s.notna().sum() == len(rows)
    assert set(rows.status) == {"ok"}


def test_both_transports_record_the_same_of_the_same_calls(runs):
    ours, theirs = (runs[name][1][ASKED].sort_values("k", ignore_index=True) for name in TRANSPORTS)
    assert ours.equals(theirs)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_arrivals_are_nearer_to_equidistant_than_those_of_users_that_wait(
    transport, runs, of_waiting_users
):
    assert off_law(runs[transport][0]) < off_law(of_waiting_users) / 2


def off_law(arrivals_s):
    return gaps.distance_to_law(np.diff(gaps.settled(arrivals_s, 0.5)), RATE_RPS, "uniform")


@pytest.fixture(scope="module")
def stalled_p95_ms(server):
    """By client, all at once: a stall of one second in ten."""
    clients = [*OURS.values(), LocustUsers("users that wait", 10)]
    rows = stalled_rows(clients, server, STALLS, 1)
    assert [row.error for row in rows] == [""] * len(rows)
    return {row.client: row.values["latency_p95_ms"] for row in rows}


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_who_keeps_to_the_plan_feels_a_stall_as_arithmetic_has_it(transport, stalled_p95_ms):
    p95_ms = stalled_p95_ms[OURS[transport].name]
    assert STALL_P95_MS / 2 < p95_ms < STALL_P95_MS * 2


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_who_waits_for_answers_hardly_notices_the_same_stall(transport, stalled_p95_ms):
    assert stalled_p95_ms["users that wait"] < stalled_p95_ms[OURS[transport].name] / 4
