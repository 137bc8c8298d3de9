"""A gRPC server that does no work and freezes now and then.

    python -m bench.stalling_server --stall-every 10 --stall-for 1

It speaks the spin service and ignores the spin. A stall holds every call that arrives in it until
it is over.
"""

import argparse
import asyncio
import signal
import time

import grpc

from proto import spin_pb2, spin_pb2_grpc


class StallingSpinner(spin_pb2_grpc.SpinnerServicer):
    """Answers at once, or at the end of the present stall.

    Args:
        stall_every_s: From the start of one stall to the next; 0 for none.
        stall_for_s: Length of each stall, at the end of its period.
    """

    def __init__(self, stall_every_s: float, stall_for_s: float) -> None:
        self._started_s = time.monotonic()
        self._every_s = stall_every_s
        self._for_s = stall_for_s

    async def Spin(  # noqa: N802 - the name is gRPC's
        self,
        request: spin_pb2.SpinRequest,  # noqa: ARG002 - gRPC's signature
        context: grpc.aio.ServicerContext,  # noqa: ARG002 - gRPC's signature
    ) -> spin_pb2.SpinReply:
        """Hold the call through a stall; the reply carries only who answered."""
        if held_s := self._held_s(time.monotonic()):
            await asyncio.sleep(held_s)
        return spin_pb2.SpinReply(instance_id="stalling")

    def _held_s(self, now_s: float) -> float:
        if not self._every_s:
            return 0.0
        into_s = (now_s - self._started_s) % self._every_s
        return self._every_s - into_s if into_s >= self._every_s - self._for_s else 0.0


async def serve(spinner: StallingSpinner, port: int) -> None:
    """Serve on loopback until SIGTERM or SIGINT."""
    server = grpc.aio.server()
    spin_pb2_grpc.add_SpinnerServicer_to_server(spinner, server)
    bound = server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    print(f"stalling server listening on 127.0.0.1:{bound}", flush=True)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await server.stop(grace=0.2)


def main() -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--stall-every", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--stall-for", type=float, default=0.0, metavar="SECONDS")
    options = parser.parse_args()
    asyncio.run(serve(StallingSpinner(options.stall_every, options.stall_for), options.port))


if __name__ == "__main__":
    main()
