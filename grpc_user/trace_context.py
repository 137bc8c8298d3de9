"""The W3C `traceparent` of a call: found again from the run and k alone, nothing to store.

https://www.w3.org/TR/trace-context/: version 00, 16-byte trace id, 8-byte parent id, "sampled".
"""

from hashlib import blake2b

HEADER = "traceparent"
TRACE_ID_BYTES = 16
PARENT_ID_BYTES = 8


def traceparent(run_id: str, k: int) -> str:
    """The header of arrival k of a run; all calls of one arrival share it."""
    digest = blake2b(f"{run_id}/{k}".encode(), digest_size=TRACE_ID_BYTES + PARENT_ID_BYTES)
    hexadecimal = digest.hexdigest()
    trace_id, parent_id = hexadecimal[: 2 * TRACE_ID_BYTES], hexadecimal[2 * TRACE_ID_BYTES :]
    return f"00-{trace_id}-{parent_id}-01"
