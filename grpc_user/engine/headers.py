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

    any_trace = traceparent(run_id, 0)
    prefixes: dict[HeaderEncoder, bytes] = {}

    def prefix_of(encoder: HeaderEncoder) -> bytes:
        """All but the trace, which comes last and is always as long: no block refers to another."""
        block = encoder.block(path, timeout_s, (*metadata, (HEADER, any_trace)))
        return block[: -len(any_trace)]

    def traced(encoder: HeaderEncoder, k: int) -> bytes:
        prefix = prefixes.get(encoder)
        if prefix is None:
            prefix = prefixes[encoder] = prefix_of(encoder)
        return prefix + traceparent(run_id, k).encode()

    return traced
