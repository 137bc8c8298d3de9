"""One worker from its start to its end: serve, drain on the first signal, leave on the second."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable

import grpc
from grpc_health.v1 import health, health_pb2

from worker.instance import Calls, Instance
from worker.machine import this_machine
from worker.options import Options
from worker.server import SPINNER, bind, build_server
from worker.service import SpinnerService
from worker.threads import warm_pool

LOG = logging.getLogger("worker")
SIGNALS = (signal.SIGTERM, signal.SIGINT)
LONGEST_DRAIN_S = 24 * 3600.0
SETTLE_S = 0.1


async def serve(
    options: Options, announce: Callable[[str], None], unix_ns: Callable[[], int] = time.time_ns
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what runs.

    `announce` is given one line when the worker serves.

    Raises:
        CannotServe: before anything is served.
    """
    stopping = asyncio.Event()
    instance = Instance(pod=options.pod)
    pool = warm_pool(options.limits.max_concurrency)
    service = SpinnerService(instance, options.limits, pool, this_machine())
    _on_signals(stopping, instance, service.calls)
    probes = health.aio.HealthServicer()
    await probes.set(SPINNER, health_pb2.HealthCheckResponse.SERVING)
    server = build_server(service, probes, options)
    address = bind(server, options)
    instance.ready_unix_us = unix_ns() // 1000
    await server.start()
    announce(f"spin worker {instance.id} listening on {address}")
    await stopping.wait()
    await probes.enter_graceful_shutdown()
    await drain(server, service.calls)
    LOG.info("spin worker %s stopped: %s", instance.id, service.calls.account)


async def drain(server: grpc.aio.Server, calls: Calls) -> None:
    """Accept no more, let every accepted call finish, then end the streams of health watchers."""
    stopped = asyncio.create_task(server.stop(grace=LONGEST_DRAIN_S))
    await asyncio.wait([stopped], timeout=SETTLE_S)  # calls already read get to their handlers
    await calls.none_running.wait()
    await asyncio.wait([stopped], timeout=SETTLE_S)  # the last replies leave
    await server.stop(grace=None)
    await stopped


def _on_signals(stopping: asyncio.Event, instance: Instance, calls: Calls) -> None:
    """First signal: drain. Second: exit at once with the shell's code for it."""

    def received(number: signal.Signals) -> None:
        if stopping.is_set():
            LOG.info("spin worker %s left at once: %s", instance.id, calls.account)
            os._exit(128 + number)
        LOG.info("spin worker %s draining after %s", instance.id, number.name)
        stopping.set()

    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, received, number)
