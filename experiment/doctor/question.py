"""The one call that the doctor makes: the spin call, or `--call` described by its target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_reflection.v1alpha import reflection_pb2

from grpc_user.descriptors import method_from, pool_of, read_protoset
from grpc_user.json_rows import read_rows
from grpc_user.method import Method
from grpc_user.reflection import PATHS, collect_files
from grpc_user.transport import Metadata
from proto import spin_pb2

SPIN = "/spin.v1.Spinner/Spin"
SPIN_US = 1000
"""Enough to be a call; a run's own spin would only take longer."""


@dataclass(frozen=True)
class Question:
    """What is called.

    Attributes:
        path: "/package.Service/Method"; "" for the spin call.
        data: As `--data`: JSON, "@FILE", "".
        protoset: File of descriptors; "" asks the target.
        metadata: Sent with the call.
        timeout_s: Deadline of the call, a cold start included.
    """

    path: str = ""
    data: str = ""
    protoset: str = ""
    metadata: Metadata = ()
    timeout_s: float = 30.0

    @property
    def method(self) -> str:
        """The path that is called."""
        return self.path or SPIN


def prepare(channel: grpc.Channel, question: Question) -> tuple[Method, tuple[bytes, ...]]:
    """The method and the requests of its first call in bytes; several where it streams them.

    Raises:
        DescriptorError: when the method is not known, or the data does not fit it.
        InvalidValue: when the data cannot be read.
        grpc.RpcError: when the target was asked and does not answer.
    """
    if not question.path:
        return Method(SPIN), (spin_pb2.SpinRequest(spin_us=SPIN_US).SerializeToString(),)
    method = described(channel, question)
    return method, encoded_row(method, read_rows(question.data)[0])


def described(channel: grpc.Channel, question: Question) -> Method:
    """The method of `--call`, as the target or a file describes it.

    Raises:
        DescriptorError: when the method is not known.
        grpc.RpcError: when the target was asked and does not answer.
    """
    return method_from(pool_of(_files(channel, question)), question.path)


def encoded_row(method: Method, row: Any) -> tuple[bytes, ...]:
    """A row of `--data` as the requests of one call.

    Raises:
        DescriptorError: when the data does not fit the method.
    """
    rows = row if method.streams_requests and isinstance(row, list) else [row]
    return tuple(method.encoded(one) for one in rows)


def _files(channel: grpc.Channel, question: Question) -> Sequence[FileDescriptorProto]:
    if question.protoset:
        return read_protoset(question.protoset)
    service = question.path.removeprefix("/").partition("/")[0]
    try:
        return collect_files(_ask(channel, PATHS[0], question), service)
    except grpc.RpcError as error:
        if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
            raise
    return collect_files(_ask(channel, PATHS[1], question), service)


def _ask(
    channel: grpc.Channel, path: str, question: Question
) -> Callable[[reflection_pb2.ServerReflectionRequest], reflection_pb2.ServerReflectionResponse]:
    call = channel.stream_stream(
        path,
        reflection_pb2.ServerReflectionRequest.SerializeToString,
        reflection_pb2.ServerReflectionResponse.FromString,
    )

    def ask(
        request: reflection_pb2.ServerReflectionRequest,
    ) -> reflection_pb2.ServerReflectionResponse:
        return next(call(iter((request,)), timeout=question.timeout_s, metadata=question.metadata))

    return ask
