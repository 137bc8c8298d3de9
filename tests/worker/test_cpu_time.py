"""What spins cost: the CPU they burn, the calls beside them and the probes meanwhile."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from proto.spin_pb2 import SpinReply, SpinRequest
from tests.worker.fakes import RunningWorker, connected, tell
from worker.cpus import allowed_cpus
from worker.spin import SYSTEM_CLOCKS, sha256_chunks

SPIN_US = 200_000
HEALTH_P99_MS = 15.0
ATTEMPTS = 3


def chunk_us() -> float:
    """A chunk's CPU time on this machine as it is now: the slowest of many."""
    work, clock, slowest = sha256_chunks(), SYSTEM_CLOCKS.cpu_ns, 0
    for _ in range(2_000):
        before = clock()
        work()
        slowest = max(slowest, clock() - before)
    return slowest / 1000


def spins(worker: RunningWorker, count: int, mode=SpinRequest.CPU) -> list[SpinReply]:
    """As many spins at once."""
    calls = [worker.stub.Spin.future(SpinRequest(spin_us=SPIN_US, mode=mode)) for _ in range(count)]
    return [call.result() for call in calls]


@pytest.mark.parametrize("at_once", [1, 4], ids=["alone", "four-at-once"])
@pytest.mark.parametrize("replies", [1, 5], ids=["unary", "stream"])
def test_a_spin_burns_what_was_asked_to_half_a_percent_or_a_chunk(worker, at_once, replies):
    request = SpinRequest(spin_us=SPIN_US, replies=replies)
    with ThreadPoolExecutor(at_once) as pool:
        last = list(pool.map(lambda _: list(worker.stub.SpinStream(request))[-1], range(at_once)))
    errors_us = [reply.cpu_us - SPIN_US for reply in last]
    tell(f"CPU error of {at_once} x {SPIN_US} us in {replies} replies: {errors_us} us")
    assert min(errors_us) >= 0
    assert statistics.median(errors_us) <= max(0.005 * SPIN_US, chunk_us())


def test_the_kernel_counts_the_cpu_time_that_replies_claim(worker):
    before_s = worker.cpu_s()
    claimed_s = sum(reply.cpu_us for reply in spins(worker, 4)) / 1e6
    counted_s = worker.cpu_s() - before_s
    tell(f"claimed {claimed_s:.3f} s, counted {counted_s:.3f} s")
    assert claimed_s - 0.02 <= counted_s <= 1.2 * claimed_s


def test_contention_shows_in_the_wall_time_of_cpu_spins(worker):
    crowd = spins(worker, 4 * allowed_cpus())
    assert min(reply.cpu_us for reply in crowd) >= SPIN_US
    assert statistics.median(reply.wall_us for reply in crowd) > 2 * SPIN_US


def test_calls_share_the_cpus_equally(worker):
    walls_us = [reply.wall_us + reply.queue_us for reply in spins(worker, 4 * allowed_cpus())]
    tell(f"slowest / quickest of {len(walls_us)} equal calls: {max(walls_us) / min(walls_us):.3f}")
    assert max(walls_us) < 1.5 * min(walls_us)


def test_contention_stays_hidden_in_wall_spins(worker):
    crowd = spins(worker, 4 * allowed_cpus(), SpinRequest.WALL)
    assert min(reply.wall_us for reply in crowd) >= SPIN_US
    assert statistics.median(reply.cpu_us for reply in crowd) < SPIN_US / 2


def cpus_used(worker: RunningWorker, at_once: int) -> float:
    before_s, began_s = worker.cpu_s(), time.monotonic()
    spins(worker, at_once)
    return (worker.cpu_s() - before_s) / (time.monotonic() - began_s)


@pytest.mark.skipif(allowed_cpus() == 1, reason="this machine has one CPU")
def test_several_cpus_are_used(worker):
    for _ in range(ATTEMPTS):
        one, eight = cpus_used(worker, 1), cpus_used(worker, 8)
        tell(f"CPUs used: {one:.2f} by 1 spin, {eight:.2f} by 8, of {allowed_cpus()}")
        if eight > 1.4 * one:
            return
    pytest.fail(f"8 spins used {eight:.2f} CPUs, 1 used {one:.2f}")


def health_p99_ms(worker: RunningWorker, probe_for_s: float) -> float:
    took_ms, until_s = [], time.monotonic() + probe_for_s
    with connected(worker.address) as channel:
        check = health_pb2_grpc.HealthStub(channel).Check
        check(health_pb2.HealthCheckRequest())
        while (began_s := time.monotonic()) < until_s:
            check(health_pb2.HealthCheckRequest())
            took_ms.append(1000 * (time.monotonic() - began_s))
            time.sleep(0.005)
    return float(np.quantile(took_ms, 0.99))


def idle_and_loaded_ms(worker: RunningWorker, at_once: int) -> tuple[float, float]:
    idle_ms = health_p99_ms(worker, 1.0)
    request, stop = SpinRequest(spin_us=SPIN_US), []

    def keep_spinning(_: int) -> None:
        while not stop:
            worker.stub.Spin(request)

    with ThreadPoolExecutor(at_once) as pool:
        pool.map(keep_spinning, range(at_once))
        loaded_ms = health_p99_ms(worker, 2.0)
        stop.append(True)
    return idle_ms, loaded_ms


@pytest.mark.parametrize("at_once", [4, 24])
def test_health_checks_are_answered_while_spins_run(worker, at_once):
    for _ in range(ATTEMPTS):  # others on this machine may take the CPUs for a while
        idle_ms, loaded_ms = idle_and_loaded_ms(worker, at_once)
        tell(f"health p99: {idle_ms:.2f} ms idle, {loaded_ms:.2f} ms beside {at_once} spins")
        if loaded_ms < HEALTH_P99_MS + 2 * idle_ms:
            return
    pytest.fail(f"health p99 {loaded_ms:.1f} ms beside {at_once} spins, {idle_ms:.1f} ms idle")
