"""Methods made from descriptors in place of generated code."""

import importlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto

from grpc_user.errors import DescriptorError
from grpc_user.method import Method

Pool = descriptor_pool.DescriptorPool
WELL_KNOWN = re.compile(r"google/protobuf/[a-z_]+\.proto")


def read_protoset(path: str) -> tuple[FileDescriptorProto, ...]:
    """The files in a FileDescriptorSet.

    Raises:
        DescriptorError: when there is no such file, or it holds something else.
    """
    try:
        found = descriptor_pb2.FileDescriptorSet.FromString(Path(path).read_bytes())
    except OSError as error:
        raise DescriptorError(f"--protoset {path}: {error.strerror}") from None
    except message.DecodeError:
        raise DescriptorError(
            f"--protoset {path}: not a FileDescriptorSet; valid: what protoc --include_imports "
            "--descriptor_set_out writes"
        ) from None
    return tuple(found.file)


def pool_of(files: Iterable[FileDescriptorProto]) -> Pool:
    """A pool of these files, each after those it imports.

    Raises:
        DescriptorError: when an import is missing or a file is not valid.
    """
    by_name = {file.name: file for file in files}
    pool = descriptor_pool.DescriptorPool()
    added: set[str] = set()

    def add(name: str, importer: str) -> None:
        if name in added:
            return
        added.add(name)
        file = by_name.get(name) or known_file(name)
        if file is None:
            raise DescriptorError(f"{importer} imports {name}, which is missing")
        for dependency in file.dependency:
            add(dependency, name)
        pool.Add(file)

    try:
        for name in by_name:
            add(name, name)
    except TypeError as error:
        raise DescriptorError(f"the descriptors do not fit together: {error}") from None
    return pool


def known_file(name: str) -> FileDescriptorProto | None:
    """A file that comes with protobuf itself, such as google/protobuf/timestamp.proto."""
    if not WELL_KNOWN.fullmatch(name):
        return None
    module = name.removesuffix(".proto").replace("/", ".") + "_pb2"
    try:
        found = importlib.import_module(module).DESCRIPTOR
    except ImportError:
        return None
    return FileDescriptorProto.FromString(found.serialized_pb)


def method_from(pool: Pool, path: str) -> Method:
    """The method at a path, taking JSON values and giving messages.

    Raises:
        DescriptorError: naming the service's methods when it has no such one.
    """
    descriptor = _find(pool, path)
    request_class = message_factory.GetMessageClass(descriptor.input_type)
    reply_class = message_factory.GetMessageClass(descriptor.output_type)

    def encode(row: Any) -> bytes:
        try:
            made: message.Message = json_format.ParseDict(row, request_class())
        except (json_format.ParseError, TypeError) as error:
            text = " ".join(str(error).split())
            raise DescriptorError(
                f"data {str(row)[:80]!r} is no {descriptor.input_type.full_name}: {text}"
            ) from None
        return made.SerializeToString()

    return Method(
        path,
        streams_requests=descriptor.client_streaming,
        streams_replies=descriptor.server_streaming,
        encode=encode,
        decode=reply_class.FromString,
    )


def _find(pool: Pool, path: str) -> MethodDescriptor:
    service_name, _, method_name = path.removeprefix("/").partition("/")
    try:
        service = pool.FindServiceByName(service_name)
    except KeyError:
        raise DescriptorError(f"no service {service_name} in the descriptors") from None
    found = service.methods_by_name.get(method_name)
    if found is None:
        valid = ", ".join(sorted(service.methods_by_name))
        raise DescriptorError(f"{service_name} has no method {method_name!r}; valid: {valid}")
    return found
