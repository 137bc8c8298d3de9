"""A worker that waits and burns no CPU: `python -m tests.whole.slow_worker --delay-s 0.02 ...`.

It serves the spin service on a free port of `--address`, by default loopback. Each call takes
`--delay-s`, or the spin that it asks for; from `--after-s` after the first call on, it takes
`--later-s`. A client's deadline or cancel ends the wait. On SIGTERM it prints how many calls it saw
and ends.
"""

import argparse
import asyncio
import signal
import time

import grpc

from proto import spin_pb2, spin_pb2_grpc

MICROSECONDS = 1_000_000


class SlowSpinner(spin_pb2_grpc.SpinnerServicer):
    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._first_s: float | None = None
        self.seen = 0

    async def Spin(self, request, context):  # noqa: N802 - the name in the proto
        self.seen += 1
        delay_s = self._delay_s(request)
        if self.seen <= self._options.fail_first:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "told to fail")
        await asyncio.sleep(delay_s)
        return spin_pb2.SpinReply(instance_id="slow", instance_seq=self.seen)

    def _delay_s(self, request) -> float:
        now_s = time.monotonic()
        self._first_s = self._first_s or now_s
        if self._options.after_s is not None and now_s - self._first_s >= self._options.after_s:
            return self._options.later_s
        asked_s = request.spin_us / MICROSECONDS
        return asked_s if self._options.delay_s is None else self._options.delay_s


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay-s", type=float)
    parser.add_argument("--later-s", type=float)
    parser.add_argument("--after-s", type=float)
    parser.add_argument("--fail-first", type=int, default=0)
    parser.add_argument("--address", default="127.0.0.1")
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    spinner = SlowSpinner(options)
    server = grpc.aio.server()
    spin_pb2_grpc.add_SpinnerServicer_to_server(spinner, server)
    port = server.add_insecure_port(f"{options.address}:0")
    await server.start()
    print(f"slow worker listening on {options.address}:{port}", flush=True)  # noqa: T201 - read by the test
    await stopping.wait()
    await server.stop(grace=None)
    print(f"seen {spinner.seen}", flush=True)  # noqa: T201 - read by the test


if __name__ == "__main__":
    asyncio.run(serve(parse_options()))
