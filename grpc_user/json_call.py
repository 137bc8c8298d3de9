"""`--call` and `--data` made ready before the run: which method, and every request in its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from grpc_user.config import GrpcConfig
from grpc_user.descriptors import method_from, pool_of, read_protoset
from grpc_user.json_rows import read_rows, row_index
from grpc_user.method import Method
from grpc_user.reflection import fetch_files
from grpc_user.transport import Streams


@dataclass(frozen=True)
class JsonCall:
    """A method and its requests.

    Attributes:
        method: Takes bytes, gives messages.
        requests: Each row's bytes, or the bytes of each message of a row that is a stream.
    """

    method: Method
    requests: tuple[bytes | tuple[bytes, ...], ...]

    def request(self, seed: int, k: int) -> Any:
        """What arrival k sends."""
        return self.requests[row_index(seed, k, len(self.requests))]


def describe_method(path: str, protoset: str, transport: Streams, timeout_s: float) -> Method:
    """The method at a path, from the file of descriptors or else from the target.

    Raises:
        DescriptorError: when neither knows it.
    """
    if protoset:
        files = list(read_protoset(protoset))
    else:
        files = fetch_files(transport, path.removeprefix("/").partition("/")[0], timeout_s)
    return method_from(pool_of(files), path)


def prepare_json_call(config: GrpcConfig, transport: Streams) -> JsonCall:
    """Everything that `--call` needs.

    Raises:
        DescriptorError: when the method is not known or a row does not fit it.
        InvalidValue: when the rows cannot be read.
    """
    method = describe_method(config.call, config.protoset, transport, config.timeout_s)
    encode = method.encoded
    bodies = tuple(
        _bodies(encode, row, streams=method.streams_requests) for row in read_rows(config.data)
    )
    return JsonCall(replace(method, encode=None), bodies)


def _bodies(
    encode: Callable[[Any], bytes], row: Any, *, streams: bool
) -> bytes | tuple[bytes, ...]:
    if not streams:
        return encode(row)
    return tuple(encode(one) for one in (row if isinstance(row, list) else [row]))
