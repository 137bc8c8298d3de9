"""What generated stubs are built on in place of a grpc channel, unchanged: `MyStub(user.grpc)`."""

from __future__ import annotations

from typing import Any, Self

import grpc

from grpc_user.caller import Caller
from grpc_user.method import Decode, Encode, Method
from grpc_user.stub_methods import callable_for


class StubChannel(grpc.Channel):
    """Gives stubs callables that time and report their calls; holds no connection itself."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def unary_unary(
        self,
        method: str,
        request_serializer: Encode | None = None,
        response_deserializer: Decode | None = None,
        _registered_method: bool = False,  # noqa: FBT001, FBT002 - grpc's signature
    ) -> Any:
        """One message each way."""
        made = Method(method, False, False, request_serializer, response_deserializer)
        return callable_for(self._caller, made)

    def stream_unary(
        self,
        method: str,
        request_serializer: Encode | None = None,
        response_deserializer: Decode | None = None,
        _registered_method: bool = False,  # noqa: FBT001, FBT002 - grpc's signature
    ) -> Any:
        """A stream of requests, one reply."""
        made = Method(method, True, False, request_serializer, response_deserializer)
        return callable_for(self._caller, made)

    def unary_stream(
        self,
        method: str,
        request_serializer: Encode | None = None,
        response_deserializer: Decode | None = None,
        _registered_method: bool = False,  # noqa: FBT001, FBT002 - grpc's signature
    ) -> Any:
        """One request, a stream of replies."""
        made = Method(method, False, True, request_serializer, response_deserializer)
        return callable_for(self._caller, made)

    def stream_stream(
        self,
        method: str,
        request_serializer: Encode | None = None,
        response_deserializer: Decode | None = None,
        _registered_method: bool = False,  # noqa: FBT001, FBT002 - grpc's signature
    ) -> Any:
        """Streams both ways."""
        made = Method(method, True, True, request_serializer, response_deserializer)
        return callable_for(self._caller, made)

    def subscribe(self, callback: Any, try_to_connect: bool | None = None) -> None:  # noqa: FBT001 - grpc's signature
        """Not offered: connections come and go in the pool behind."""
        raise NotImplementedError(
            "there is no one connection to watch; valid: ask the pool's transport"
        )

    def unsubscribe(self, callback: Any) -> None:
        """Nothing was subscribed."""

    def close(self) -> None:
        """Nothing to close: the connections are the process's, and end with the run."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None
