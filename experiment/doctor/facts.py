"""What the doctor looks at, gathered before any check: plain values, no connections."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PathFacts:
    """One connection and one call, made as the generator makes them.

    Attributes:
        target: The address as it was given.
        problem: One line when there is no connection; "" otherwise.
        speaks_http2: Whether the other side answered the preface with its settings.
        authority: What was sent as :authority; "" for the target's own.
        method: The path that was called, "/package.Service/Method".
        code: gRPC code of the call, as "OK"; "" when none was made.
        details: Its message.
        failure_class: As `grpc_user.failures` sorts it; "" when it succeeded.
        http_status: The HTTP status behind a failure, where there was one.
    """

    target: str
    problem: str = ""
    speaks_http2: bool = True
    authority: str = ""
    method: str = ""
    code: str = ""
    details: str = ""
    failure_class: str = ""
    http_status: int | None = None


@dataclass(frozen=True)
class ServiceFacts:
    """What the Kubernetes API says of the Service under load.

    Attributes:
        name: As NAMESPACE/NAME.
        host: Host of its URL, what the ingress routes by.
        port_name: Name of its container's port; "" where it has none.
        timeout_s: Its timeoutSeconds.
        ready: Whether the Ready condition is True.
        reason: Why not: reason and message of that condition, on one line.
        ready_pods: Pods that can take calls now.
        mode: "Proxy" (activator in the path), "Serve" (out of it), "" when unknown.
    """

    name: str
    host: str
    port_name: str
    timeout_s: float
    ready: bool = True
    reason: str = ""
    ready_pods: int = 0
    mode: str = ""

    @property
    def names(self) -> tuple[str, str]:
        """Namespace and name, each by itself."""
        namespace, _, name = self.name.partition("/")
        return namespace, name


@dataclass(frozen=True)
class Facts:
    """All that the checks see.

    Attributes:
        service: None where the API could not be asked.
        path: None where no call was tried.
        spin_s: The longest work that the run will ask for, seconds.
    """

    service: ServiceFacts | None
    path: PathFacts | None
    spin_s: float = 0.0
