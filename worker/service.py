"""The Spinner service: refuse or accept, spin on a thread, answer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc

from proto import spin_pb2_grpc
from proto.spin_pb2 import SpinReply, SpinRequest
from worker.call import Call
from worker.instance import Calls, Instance
from worker.limits import MAX_REPLIES, Limits, refusal
from worker.machine import Machine
from worker.threads import run_in

Context = grpc.aio.ServicerContext[Any, Any]


class SpinnerService(spin_pb2_grpc.SpinnerServicer):
    """Serves `spin.v1.Spinner` within `limits`, on the threads of `pool`."""

    def __init__(
        self,
        instance: Instance,
        limits: Limits,
        pool: ThreadPoolExecutor,
        machine: Machine,
    ) -> None:
        self.calls = Calls()
        self._instance = instance
        self._limits = limits
        self._pool = pool
        self._machine = machine

    async def Spin(self, request: SpinRequest, context: Context) -> SpinReply:  # noqa: N802 - gRPC's name
        """Burn `spin_us` and answer once."""
        received_ns = self._machine.clocks.wall_ns()
        await self._refuse_if_needed(request, context, max_replies=1)
        with self._accepted(request, received_ns) as call:
            return await self._share(call, 0)

    async def SpinStream(self, request: SpinRequest, context: Context) -> None:  # noqa: N802 - gRPC's name
        """Burn `spin_us` in `replies` shares and answer after each."""
        received_ns = self._machine.clocks.wall_ns()
        await self._refuse_if_needed(request, context, max_replies=MAX_REPLIES)
        with self._accepted(request, received_ns) as call:
            for index in range(call.shares):
                await context.write(await self._share(call, index))

    async def _refuse_if_needed(
        self, request: SpinRequest, context: Context, max_replies: int
    ) -> None:
        refused = refusal(request, self.calls.running, self._limits, max_replies)
        if refused is not None:
            self.calls.refused += 1
            await context.abort(grpc.StatusCode[refused.kind.value], refused.reason)

    @contextmanager
    def _accepted(self, request: SpinRequest, received_ns: int) -> Iterator[Call]:
        with self.calls.under_way() as place:
            yield Call(request, place, received_ns, self._machine)

    async def _share(self, call: Call, index: int) -> SpinReply:
        await run_in(self._pool, lambda: call.spin_share(index), call.stop)
        return call.reply(index, self._instance)
