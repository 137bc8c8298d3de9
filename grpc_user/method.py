"""A gRPC method as its caller knows it: path, kind, and how messages become bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grpc_user.transport import Ending

Encode = Callable[[Any], bytes]
Decode = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """One method.

    Attributes:
        path: "/package.Service/Method".
        streams_requests: Whether the caller sends several messages.
        streams_replies: Whether the target sends several messages.
        encode: A request to its bytes; None: requests are bytes.
        decode: Bytes to a reply; None: replies stay bytes.
    """

    path: str
    streams_requests: bool = False
    streams_replies: bool = False
    encode: Encode | None = None
    decode: Decode | None = None

    def encoded(self, request: Any) -> bytes:
        """The request's bytes."""
        data: bytes = request if self.encode is None else self.encode(request)
        return data

    def decoded(self, body: bytes) -> Any:
        """The reply in its bytes."""
        return body if self.decode is None else self.decode(body)

    def decoded_ending(self, ending: Ending) -> tuple[Ending, Any]:
        """The ending with its reply; a reply that is none of ours ends the call as INTERNAL."""
        if ending.body is None:
            return ending, None
        try:
            return ending, self.decoded(ending.body)
        except Exception as error:  # noqa: BLE001 - decoders of any kind; what was sent decides
            return undecodable(ending, error), None


def undecodable(ending: Ending, error: Exception) -> Ending:
    """What a call with a reply that cannot be read ends as."""
    return ending._replace(code="INTERNAL", details=f"the reply does not decode: {error}")
