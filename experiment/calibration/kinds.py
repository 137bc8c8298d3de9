"""What is called in isolation: the spin call with each spin, or the rows of another call."""

import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

import grpc

from experiment.calibration.errors import NotCalibrated
from experiment.calibration.isolated import Answer, Kind
from experiment.doctor.call import callable_of
from experiment.doctor.question import SPIN, Question, described, encoded_row
from grpc_user.errors import DescriptorError
from grpc_user.failures import one_line
from grpc_user.json_rows import read_rows
from grpc_user.method import Method
from proto import spin_pb2

MICROSECONDS = 1_000_000


def spin_kinds(channel: grpc.Channel, spins_s: Sequence[float], question: Question) -> list[Kind]:
    """One kind for each spin."""
    make: Any = channel.unary_unary(SPIN, response_deserializer=spin_pb2.SpinReply.FromString)

    def kind(spin_s: float) -> Kind:
        request = spin_pb2.SpinRequest(spin_us=round(spin_s * MICROSECONDS)).SerializeToString()
        return lambda: _spun(make, request, question)

    return [kind(spin_s) for spin_s in spins_s]


def row_kind(channel: grpc.Channel, question: Question) -> Kind:
    """One kind that takes the rows of `--data` by turn.

    Raises:
        NotCalibrated: when the method is not known, or the data does not fit it.
        InvalidValue: when the data cannot be read.
    """
    rows = read_rows(question.data)
    try:
        method = described(channel, question)
        bodies = [encoded_row(method, row) for row in rows]
    except DescriptorError as error:
        raise NotCalibrated(str(error)) from None
    except grpc.RpcError as error:
        raise _failed(error, question) from None
    make, turns = callable_of(channel, method), cycle(bodies)
    return lambda: _called(make, method, next(turns), question)


def _spun(make: Any, request: bytes, question: Question) -> Answer:
    began_s = time.perf_counter()
    try:
        reply = make(request, timeout=question.timeout_s, metadata=question.metadata)
    except grpc.RpcError as error:
        raise _failed(error, question) from None
    latency_s = time.perf_counter() - began_s
    return Answer(
        latency_s,
        reply.instance_id,
        is_first=reply.instance_seq == 1,
        under_way=reply.concurrency,
        contention_s=(reply.wall_us - reply.cpu_us) / MICROSECONDS,
    )


def _called(make: Any, method: Method, bodies: tuple[bytes, ...], question: Question) -> Answer:
    request: bytes | Iterator[bytes] = iter(bodies) if method.streams_requests else bodies[0]
    began_s = time.perf_counter()
    try:
        reply = make(request, timeout=question.timeout_s, metadata=question.metadata)
        if method.streams_replies:
            for _ in reply:
                pass
    except grpc.RpcError as error:
        raise _failed(error, question) from None
    return Answer(time.perf_counter() - began_s)


def _failed(error: grpc.RpcError, question: Question) -> NotCalibrated:
    said = one_line(error.details() or "")
    return NotCalibrated(f"a call of {question.method} ended as {error.code().name}: {said}")
