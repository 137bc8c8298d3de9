"""Open-loop spin calls from the test itself, and what came back."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import grpc

from proto import spin_pb2, spin_pb2_grpc


@dataclass(frozen=True)
class Entrance:
    """Where calls for a Service go in: an ingress, and the name that tells it the Service."""

    address: str
    authority: str


@dataclass(frozen=True)
class Answer:
    """One call: "OK" or what went wrong, the seconds it took, and the reply if there is one."""

    status: str
    took_s: float
    reply: spin_pb2.SpinReply | None


@contextmanager
def open_stub(entrance: Entrance) -> Iterator[spin_pb2_grpc.SpinnerStub]:
    """A stub with a connection of its own."""
    options = [
        ("grpc.default_authority", entrance.authority),
        ("grpc.use_local_subchannel_pool", 1),
    ]
    with grpc.insecure_channel(entrance.address, options) as channel:
        yield spin_pb2_grpc.SpinnerStub(channel)


def call(stub: spin_pb2_grpc.SpinnerStub, spin_ms: int = 0, timeout_s: float = 60) -> Answer:
    """One call that keeps its pod busy for `spin_ms`, however much of a CPU that pod gets."""
    wanted = spin_pb2.SpinRequest(spin_us=spin_ms * 1000, mode=spin_pb2.SpinRequest.WALL)
    start_s = time.monotonic()
    try:
        reply = stub.Spin(wanted, timeout=timeout_s)
    except grpc.RpcError as error:
        return Answer(f"{error.code().name}: {error.details()}", time.monotonic() - start_s, None)
    return Answer("OK", time.monotonic() - start_s, reply)


def offer(entrance: Entrance, rps: float, duration_s: float, spin_ms: int) -> list[Answer]:
    """Calls at a constant rate that wait for no answer; all answers when the last has come."""
    count = round(rps * duration_s)
    with open_stub(entrance) as stub, ThreadPoolExecutor(count) as threads:
        start_s = time.monotonic()
        calls = []
        for k in range(count):
            time.sleep(max(0.0, start_s + k / rps - time.monotonic()))
            calls.append(threads.submit(call, stub, spin_ms))
        return [each.result() for each in calls]


def instances(answers: list[Answer]) -> set[str]:
    """Ids of the processes that answered."""
    return {answer.reply.instance_id for answer in answers if answer.reply}
