"""What can be wrong on our side of a call; faults of the target are data (see failures.py)."""


class GrpcUserError(Exception):
    """Base of this package's errors; `str(error)` is one line for the person at the terminal."""


class NotPatchedError(GrpcUserError):
    """The process is not patched by gevent: one call would block every other greenlet."""


class NoFreeStreamError(GrpcUserError):
    """No connection had room for another call before the call's deadline passed."""


class TransportClosedError(GrpcUserError):
    """A call was made on a transport after its run ended."""


class NotConnectedError(GrpcUserError):
    """A call found no connection.

    Args:
        code: The gRPC code that it ends with.
        details: Why.
    """

    def __init__(self, code: str, details: str) -> None:
        super().__init__(details)
        self.code = code
        self.details = details


class NoTargetError(GrpcUserError):
    """Nothing says where calls go."""


class DescriptorError(GrpcUserError):
    """A call by name cannot be made: its method is not known, or its data does not fit."""


class EmbeddedWorkerError(GrpcUserError):
    """A spin worker of our own did not start."""
