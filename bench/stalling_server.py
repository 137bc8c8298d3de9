"""A gRPC server that does no work, freezes now and then, and notes when calls arrive.

    python -m bench.stalling_server --stall-every 10 --stall-for 1 [--stamps FILE]

It speaks the spin service, ignores the spin, and is healthy. A stall holds every call that arrives
in it, health checks too, until it is over. Stamps are nanoseconds since 1970, little-endian int64,
written at the end: what bench/noop_server writes too, which wakes up faster.
"""

import argparse
import array
import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2_grpc

from proto import spin_pb2, spin_pb2_grpc


class Stalling(grpc.aio.ServerInterceptor):
    """Notes each call when it arrives; lets it on at once, or at the end of the present stall.

    Args:
        stall_every_s: From the start of one stall to the next; 0 for none.
        stall_for_s: Length of each stall, at the end of its period.
    """

    def __init__(self, stall_every_s: float, stall_for_s: float) -> None:
        self._started_s = time.monotonic()
        self._every_s = stall_every_s
        self._for_s = stall_for_s
        self.arrivals_ns = array.array("q")

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler:
        """Before the call's handler is asked for."""
        self.arrivals_ns.append(time.time_ns())
        if held_s := self._held_s(time.monotonic()):
            await asyncio.sleep(held_s)
        return await continuation(handler_call_details)

    def _held_s(self, now_s: float) -> float:
        if not self._every_s:
            return 0.0
        into_s = (now_s - self._started_s) % self._every_s
        return self._every_s - into_s if into_s >= self._every_s - self._for_s else 0.0


class NoopSpinner(spin_pb2_grpc.SpinnerServicer):
    """Answers at once, after a delay if there is one."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s

    async def Spin(  # noqa: N802 - the name is gRPC's
        self,
        request: spin_pb2.SpinRequest,  # noqa: ARG002 - gRPC's signature
        context: grpc.aio.ServicerContext,  # noqa: ARG002 - gRPC's signature
    ) -> spin_pb2.SpinReply:
        """The reply carries only who answered."""
        if self._delay_s:
            await asyncio.sleep(self._delay_s)
        return spin_pb2.SpinReply(instance_id="stalling")


async def serve(stalling: Stalling, delay_s: float, address: str) -> None:
    """Serve on loopback until SIGTERM or SIGINT."""
    server = grpc.aio.server(interceptors=(stalling,))
    spin_pb2_grpc.add_SpinnerServicer_to_server(NoopSpinner(delay_s), server)
    health_pb2_grpc.add_HealthServicer_to_server(health.aio.HealthServicer(), server)
    bound = server.add_insecure_port(address)
    await server.start()
    print(f"stalling server listening on 127.0.0.1:{bound}", flush=True)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await server.stop(grace=0.2)


def main() -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--stall-every", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--stall-for", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--delay", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--stamps", type=Path, metavar="FILE", help="where arrival times go")
    options = parser.parse_args()
    stalling = Stalling(options.stall_every, options.stall_for)
    asyncio.run(serve(stalling, options.delay, f"127.0.0.1:{options.port}"))
    if options.stamps:
        options.stamps.write_bytes(stalling.arrivals_ns.tobytes())


if __name__ == "__main__":
    main()
