"""What the doctor looks at, gathered before any check: plain values, no connections."""

from dataclasses import dataclass, field

from experiment.doctor.permissions import Permission
from experiment.knative.service import ServiceFacts


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
        undescribed: Why the method's messages are not known; "" when they are.
        right_authority: The one that the same target does route by, where the sent one failed.
        took_s: From the call to its end.
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
    undescribed: str = ""
    right_authority: str = ""
    took_s: float = 0.0


@dataclass(frozen=True)
class Trouble:
    """Why a pod does not start.

    Attributes:
        pod: Its name.
        reason: As Kubernetes has it, "ImagePullBackOff".
        message: What it says beside, on one line.
    """

    pod: str
    reason: str
    message: str

    @property
    def in_words(self) -> str:
        """Reason and message, one line."""
        return f"{self.reason}: {self.message}" if self.message else self.reason


@dataclass(frozen=True)
class PodFacts:
    """The pods of a Service, and the way to them.

    Attributes:
        ready: Pods that can take calls now.
        mode: "Proxy" (activator in the path), "Serve" (out of it), "" when unknown.
        troubles: Of pods that do not start.
    """

    ready: int = 0
    mode: str = ""
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that the checks see.

    Attributes:
        wanted: The Service as it was asked for, NAMESPACE/NAME.
        service: None where there is none, or it could not be asked for.
        others: The Services of the namespace where the one asked for is not; None where it is.
        pods: Its pods.
        path: None where no call was tried.
        spin_s: The longest work that the run will ask for, seconds.
        denied: What must be allowed for a run to be observed, and is not.
        who: Whom the API takes us for; "" when it does not say.
    """

    wanted: str
    service: ServiceFacts | None = None
    others: tuple[str, ...] | None = None
    pods: PodFacts = field(default_factory=PodFacts)
    path: PathFacts | None = None
    spin_s: float = 0.0
    denied: tuple[Permission, ...] = ()
    who: str = ""

    @property
    def names(self) -> tuple[str, str]:
        """Namespace and name of the Service that was asked for."""
        namespace, _, name = self.wanted.partition("/")
        return namespace, name
