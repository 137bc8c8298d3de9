"""A service's descriptors, asked of the server itself (grpc.reflection, v1 and then v1alpha).

Both versions have the same messages on the wire.
"""

from collections.abc import Callable

from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_reflection.v1alpha import reflection_pb2

from grpc_user.descriptors import known_file
from grpc_user.errors import DescriptorError
from grpc_user.transport import CallSpec, Ending, Streams

PATHS = tuple(
    f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo"
    for version in ("v1", "v1alpha")
)

Ask = Callable[[reflection_pb2.ServerReflectionRequest], reflection_pb2.ServerReflectionResponse]


def fetch_files(transport: Streams, service: str, timeout_s: float) -> list[FileDescriptorProto]:
    """The file that defines a service and all it imports.

    Raises:
        DescriptorError: when the server has no reflection or does not know the service.
    """
    last: Ending | None = None
    for path in PATHS:
        ending = _try_version(transport, path, service, timeout_s)
        if not isinstance(ending, Ending):
            return ending
        last = ending
        if ending.code != "UNIMPLEMENTED":
            break
    code, details = (last.code, last.details) if last else ("", "")
    hint = "it has no server reflection" if code == "UNIMPLEMENTED" else f"{code}: {details}"
    raise DescriptorError(f"the target does not describe {service}: {hint}; valid: --protoset FILE")


class _Refused(Exception):
    def __init__(self, ending: Ending) -> None:
        self.ending = ending


def _try_version(
    transport: Streams, path: str, service: str, timeout_s: float
) -> list[FileDescriptorProto] | Ending:
    spec = CallSpec(path, streams_requests=True, streams_replies=True, timeout_s=timeout_s)

    def ask(
        request: reflection_pb2.ServerReflectionRequest,
    ) -> reflection_pb2.ServerReflectionResponse:
        stream = transport.stream(spec, iter((request.SerializeToString(),)), lambda *_: None)
        body = stream.next_body()
        if body is None:
            raise _Refused(stream.ending())
        stream.cancel()
        return reflection_pb2.ServerReflectionResponse.FromString(body)

    try:
        return collect_files(ask, service)
    except _Refused as refused:
        return refused.ending


def collect_files(ask: Ask, service: str) -> list[FileDescriptorProto]:
    """The file that defines a service and all it imports, one question each.

    Raises:
        DescriptorError: when the server does not know one of them.
    """
    symbol = reflection_pb2.ServerReflectionRequest(file_containing_symbol=service)
    found = {file.name: file for file in _files(ask(symbol), service)}
    wanted = [name for file in found.values() for name in file.dependency]
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        known = known_file(name)
        for file in [known] if known else _files(ask(_by_name(name)), name):
            found[file.name] = file
            wanted.extend(file.dependency)
    return list(found.values())


def _by_name(name: str) -> reflection_pb2.ServerReflectionRequest:
    return reflection_pb2.ServerReflectionRequest(file_by_filename=name)


def _files(
    response: reflection_pb2.ServerReflectionResponse, asked: str
) -> list[FileDescriptorProto]:
    if response.WhichOneof("message_response") != "file_descriptor_response":
        raise DescriptorError(
            f"the target does not know {asked}: {response.error_response.error_message}"
        )
    serialized = response.file_descriptor_response.file_descriptor_proto
    return [FileDescriptorProto.FromString(one) for one in serialized]
