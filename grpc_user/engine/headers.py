"""The headers of arrival k's call."""

from collections.abc import Callable

from grpc_user.h2.headers import HeaderEncoder
from grpc_user.trace_context import HEADER, traceparent
from grpc_user.transport import Metadata

MakeHeader = Callable[[HeaderEncoder, int], bytes]


def header_maker(path: str, timeout_s: float, metadata: Metadata, run_id: str) -> MakeHeader:
    """What makes them: as in the hub, with a `traceparent` unless the metadata have one.

    Args:
        path: What is called.
        timeout_s: The deadline of every call.
        metadata: Sent with every call.
        run_id: The run.
    """
    if any(name == HEADER for name, _ in metadata):
        return lambda encoder, _: encoder.block(path, timeout_s, metadata)

    def traced(encoder: HeaderEncoder, k: int) -> bytes:
        return encoder.block(path, timeout_s, (*metadata, (HEADER, traceparent(run_id, k))))

    return traced
