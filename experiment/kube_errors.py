"""What can go wrong between us and a Kubernetes API server, by name; `str(error)` is one line."""

from experiment.errors import ExperimentError


class KubeError(ExperimentError):
    """The API server was not reached, or did not do what was asked."""


class NoCluster(KubeError):
    """There is no way to a cluster: no kubeconfig, or one that cannot be read."""


class Unreachable(KubeError):
    """The API server does not answer, or the connection to it broke.

    Attributes:
        was_silent: Nothing had come for long: it may have been out of reach since it last spoke.
    """

    def __init__(self, message: str, *, was_silent: bool = False) -> None:
        super().__init__(message)
        self.was_silent = was_silent


class ApiRefused(KubeError):
    """The API server answered, and not with what was asked for.

    Attributes:
        status: HTTP status, or the code of a watch's ERROR event.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Forbidden(ApiRefused):
    """Permission is missing.

    Attributes:
        verb: What was not allowed, as "watch".
        what: To what, as "pods in namespace loadtest".
    """

    def __init__(self, what: str, verb: str) -> None:
        super().__init__(403, f"no permission to {verb} {what}")
        self.what = what
        self.verb = verb


class NotFound(ApiRefused):
    """There is no such object, or no such kind of object.

    Attributes:
        what: As "services.serving.knative.dev worker in namespace loadtest".
    """

    def __init__(self, what: str) -> None:
        super().__init__(404, f"there is no {what}")
        self.what = what


class ApiGone(ApiRefused):
    """The resource version is too old to watch from: list again."""

    def __init__(self, message: str) -> None:
        super().__init__(410, message)


class Conflict(ApiRefused):
    """The object exists already, or has changed since it was read."""

    def __init__(self, message: str) -> None:
        super().__init__(409, message)
