"""What a failed call raises in a task, once its event is fired."""

from __future__ import annotations

import grpc
from locust.exception import RescheduleTask

from grpc_user.failures import Failure
from grpc_user.transport import Ending, Metadata


class CallFailed(grpc.RpcError, RescheduleTask):
    """A call that ended without OK.

    For the task it is a `grpc.RpcError` as ever. Left uncaught it ends the task without noise,
    as Locust's own RescheduleTask does: the failure is reported already and must not count twice.
    Its text is the key of Locust's failures table, so it stays short and has few values.
    """

    def __init__(self, ending: Ending, failure: Failure) -> None:
        super().__init__()
        self.ending = ending
        self.failure = failure

    def __str__(self) -> str:
        return f"{self.ending.code}: {self.failure.failure_class}"

    __repr__ = __str__

    def code(self) -> grpc.StatusCode:
        """As `grpc.Call.code`."""
        return grpc.StatusCode[self.ending.code]

    def details(self) -> str:
        """The status's message, whole."""
        return self.ending.details

    def trailing_metadata(self) -> Metadata:  # type: ignore[override]  # plain pairs are metadata too
        """As `grpc.Call.trailing_metadata`."""
        return self.ending.metadata

    def initial_metadata(self) -> Metadata:
        """As `grpc.Call.initial_metadata`."""
        return self.ending.initial_metadata
