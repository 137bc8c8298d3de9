"""What an engine process (`--engine process`) costs, and how late it sends, by rate.

    python -m bench.engine [--rates 1000,5000,20000,60000] [--seconds 4]

Without a hub: this process only reads what the engine tells. Engine and server
(bench/canned_server.py) have a core each. CPU is the engine's own, from the plan's epoch to its
end; lag is from intended to sent. Above what it holds, arrivals more than a second late are not
sent: CPU is then per arrival that was.

Below it stands the bare cost of a round trip on this machine: a send, a wait and a receive, with
the other end on the other core. At low rates each arrival pays for one of its own.
"""

import argparse
import os
import select
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from bench.processes import on_core, served
from grpc_user.engine.handle import EngineHandle
from grpc_user.engine.spec import EngineSpec
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment

ENGINE_CORE, SERVER_CORE = 0, 1
MEMBER, SEED = "local", 7
READY_S, DRAIN_S, LOOK_S = 30.0, 5.0, 0.05
ROUND_TRIPS, BYTES = 5000, 200
US = 1e6
MS = 1e3


@dataclass(frozen=True)
class Measured:
    """One rate's figures."""

    rate_rps: float
    sent: int
    unsent: int
    lag_ms: tuple[float, float]
    cpu_us: float


def plan_of(rate_rps: float, seconds: float) -> Plan:
    """Poisson arrivals at a constant rate."""
    return Plan(
        run_id="bench-engine",
        version=0,
        seed=SEED,
        law="poisson",
        epoch_s=0.0,
        rates=RateLog((RateSegment(0.0, rate_rps),)),
        members=(MemberChange(0.0, (MEMBER,)),),
        duration_s=seconds,
    )


@contextmanager
def ready_engine(host: str) -> Iterator[EngineHandle]:
    """An engine that is connected."""
    with tempfile.TemporaryDirectory() as folder, on_core(ENGINE_CORE):
        spec = EngineSpec(
            request={"transport": "h2", "spin": "0s"},
            host=host,
            member=MEMBER,
            folder=folder,
            run_id="bench-engine",
            seed=SEED,
            max_in_flight=100_000,
            first_k=0,
            warm_up_s=0.0,
            writer_pid=0,
        )
        handle = EngineHandle.start(spec)
    problems = handle.wait_until_ready(READY_S)
    if problems:
        raise SystemExit("; ".join(problems))
    try:
        yield handle
    finally:
        handle.close()


def measure(host: str, rate_rps: float, seconds: float) -> Measured:
    """Send at a rate."""
    with ready_engine(host) as handle:
        before_s = handle.cpu_s
        handle.follow(plan_of(rate_rps, seconds), time.monotonic() + LOOK_S)
        batches = []
        while handle.is_sending:
            time.sleep(LOOK_S)
            for batch in handle.read_all():
                handle.commit(batch.upto)
                batches.append(batch)
        handle.drain(DRAIN_S)
        time.sleep(2 * LOOK_S)  # its last word on its CPU
        batches += handle.read_all()
        cpu_s = handle.cpu_s - before_s
    slots = np.concatenate([batch.sent for batch in batches])
    count, planned = len(slots), sum(len(batch.ended) for batch in batches)
    p50_s, p99_s = np.percentile(slots["sent_s"] - slots["intended_s"], [50, 99])
    return Measured(rate_rps, count, planned - count, (p50_s * MS, p99_s * MS), cpu_s / count * US)


def bare_round_trip_us() -> float:
    """CPU of one end of a round trip over a loopback socket, the other end on the other core."""
    ours, theirs = _tcp_pair()
    with on_core(SERVER_CORE):
        child = os.fork()
        if child == 0:
            ours.close()
            _echo(theirs)
    theirs.close()
    with ours, on_core(ENGINE_CORE):
        used_s = _cpu_of_round_trips_s(ours)
    os.waitpid(child, 0)
    return used_s / ROUND_TRIPS * US


def _tcp_pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
    for stream in (ours, theirs):
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours, theirs


def _cpu_of_round_trips_s(stream: socket.socket) -> float:
    ready = select.epoll()
    ready.register(stream.fileno(), select.EPOLLIN)
    began_s = time.process_time()
    for _ in range(ROUND_TRIPS):
        stream.send(bytes(BYTES))
        ready.poll()
        stream.recv(BYTES)
    return time.process_time() - began_s


def _echo(stream: socket.socket) -> NoReturn:
    while data := stream.recv(BYTES):
        stream.send(data)
    os._exit(0)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rates", default="1000,5000,20000,60000")
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    print("| rate rps | sent | unsent | lag p50 ms | lag p99 ms | CPU us an arrival |")
    print("| --- | --- | --- | --- | --- | --- |")
    with on_core(SERVER_CORE), served("bench.canned_server") as host:
        for rate_rps in map(float, options.rates.split(",")):
            found = measure(host, rate_rps, options.seconds)
            p50_ms, p99_ms = found.lag_ms
            print(
                f"| {rate_rps:g} | {found.sent} | {found.unsent} | {p50_ms:.3f} | {p99_ms:.2f} "
                f"| {found.cpu_us:.1f} |",
                flush=True,
            )
    print(f"\nA bare round trip costs {bare_round_trip_us():.1f} us of CPU at one end.")


if __name__ == "__main__":
    main()
