"""The spin worker itself: how near a spin is to what was asked, and what a probe of it waits.

The worker is the real one, on the servers' core, asked from the clients'. A probe is a health
check, as Knative sends them: one that waits long is what makes a platform call a pod unwell.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import grpc
import numpy as np
from grpc_health.v1 import health_pb2, health_pb2_grpc

from bench.peers.measures import quantile_curve
from bench.peers.noop import SERVER_CORE, NoServer
from bench.peers.open_loop import quantiles_ms
from bench.peers.plan import Trial
from bench.peers.rows import Row
from bench.peers.started import CLIENT_CORE
from bench.processes import ROOT, on_core, with_our_packages
from proto import spin_pb2, spin_pb2_grpc

MODE = "spin"
ERRORS, PROBES = "spin error", "health probe"
_SPINS_MS: Mapping[int, int] = {10: 30, 100: 10, 300: 5, 1000: 2}
"""How many of each length."""
_BESIDE = (0, 1, 4)
_BESIDE_SPIN_MS = 200
_PROBED_S, _PROBE_EVERY_S = 3.0, 0.02
_LASTS_S = 15.0
_US_PER_MS = 1000
_TIMEOUT_S = 30.0


def spin_trial() -> Trial:
    """Both, on one worker."""
    return Trial(MODE, "python -m worker", 1, None, "", _LASTS_S, _rows)


def _rows() -> Sequence[Row]:
    with on_core(SERVER_CORE):
        process = subprocess.Popen(
            [sys.executable, "-m", "worker", "--port", "0"],
            cwd=ROOT,
            env=with_our_packages(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    try:
        with on_core(CLIENT_CORE), grpc.insecure_channel(_address(process)) as channel:
            return [*_errors(channel), *(_probed(channel, spins) for spins in _BESIDE)]
    finally:
        process.terminate()
        process.communicate()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None, "it was asked for"
    words = process.stdout.readline().split()
    if not words:
        raise NoServer("the spin worker did not start")
    return words[-1]


def _errors(channel: grpc.Channel) -> Iterator[Row]:
    for asked_ms, count in _SPINS_MS.items():
        replies = [_spin(channel, asked_ms) for _ in range(count)]
        errors_us = np.array([reply.cpu_us - asked_ms * _US_PER_MS for reply in replies], float)
        values = {
            "asked_ms": float(asked_ms),
            "error_us": float(np.median(errors_us)),
            "error_most_us": float(errors_us[np.argmax(np.abs(errors_us))]),
        }
        yield Row(MODE, ERRORS, 1, None, "", values, {"error_us": quantile_curve(errors_us)})


def _spin(channel: grpc.Channel, asked_ms: int) -> spin_pb2.SpinReply:
    request = spin_pb2.SpinRequest(spin_us=asked_ms * _US_PER_MS)
    reply: spin_pb2.SpinReply = spin_pb2_grpc.SpinnerStub(channel).Spin(request, timeout=_TIMEOUT_S)
    return reply


def _probed(channel: grpc.Channel, spins: int) -> Row:
    with _spinning(channel, spins):
        waited_s = np.array(list(_probes(channel)))
    latencies = {f"latency_{name}_ms": value for name, value in quantiles_ms(waited_s).items()}
    values = {"spins": float(spins), **latencies}
    return Row(MODE, PROBES, 1, None, "", values, {"health_ms": quantile_curve(1e3 * waited_s)})


def _probes(channel: grpc.Channel) -> Iterator[float]:
    stub = health_pb2_grpc.HealthStub(channel)
    until_s = time.monotonic() + _PROBED_S
    while (begun_s := time.monotonic()) < until_s:
        stub.Check(health_pb2.HealthCheckRequest(), timeout=_TIMEOUT_S)
        yield time.monotonic() - begun_s
        time.sleep(_PROBE_EVERY_S)


@contextmanager
def _spinning(channel: grpc.Channel, spins: int) -> Iterator[None]:
    """So many calls always under way."""
    ended = threading.Event()

    def spin_on() -> None:
        while not ended.is_set():
            _spin(channel, _BESIDE_SPIN_MS)

    threads = [threading.Thread(target=spin_on) for _ in range(spins)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
