"""A Knative Service read and patched through an API that may be away for a while."""

from collections.abc import Callable
from dataclasses import dataclass, field

from experiment.clock import Clock
from experiment.kube import Cluster, Json
from experiment.kube_errors import ApiRefused, Conflict, Forbidden, NotFound
from experiment.resources import KNATIVE_SERVICES
from experiment.sweep.cluster.patience import patiently
from experiment.sweep.ground import Halted, TargetGone

DRY_RUN = {"dryRun": "All", "fieldValidation": "Strict"}
STRICT = {"fieldValidation": "Strict"}

STRICTLY = "strict decoding error: "
DENIED = "denied the request: "
MOST_CHARACTERS = 400


class NotTaken(Halted):
    """Kubernetes or Knative refuses a change, in its own words."""


@dataclass(frozen=True)
class ServiceApi:
    """One Service.

    Attributes:
        cluster: Where it is.
        namespace: Its namespace.
        name: Its name.
        clock: For pauses while the API is away.
    """

    cluster: Cluster
    namespace: str
    name: str
    clock: Clock = field(default_factory=Clock)

    @property
    def full_name(self) -> str:
        """As NAMESPACE/NAME."""
        return f"{self.namespace}/{self.name}"

    def read(self) -> Json:
        """The Service as it is.

        Raises:
            TargetGone: when it is not there.
            ApiGone: when the API stays out of reach.
        """
        return self._asked(lambda: self.cluster.get(self._path))

    def would_be(self, patch: Json) -> Json:
        """The spec that the API would store after a patch of it; nothing is changed.

        Raises:
            NotTaken: when the patch is refused.
            TargetGone, ApiGone: as `read`.
        """
        body = {"spec": patch}
        return dict(self._asked(lambda: self.cluster.patch(self._path, body, DRY_RUN))["spec"])

    def patch(self, service: Json, patch: Json) -> Json:
        """The spec after a patch of it, unless the Service was written since it was read.

        Raises:
            Conflict: when it was; look at it again.
            NotTaken: when the patch is refused.
            TargetGone, ApiGone: as `read`.
        """
        guard = {"resourceVersion": service["metadata"].get("resourceVersion")}
        body = {"metadata": guard, "spec": patch}
        return dict(self._asked(lambda: self.cluster.patch(self._path, body, STRICT))["spec"])

    @property
    def _path(self) -> str:
        return KNATIVE_SERVICES.path(self.namespace, self.name)

    def _asked(self, ask: Callable[[], Json]) -> Json:
        try:
            return patiently(ask, self.clock)
        except NotFound:
            raise TargetGone(
                f"there is no Knative Service {self.full_name}; the same command goes on "
                "once it is there again"
            ) from None
        except Forbidden as error:
            raise NotTaken(f"{error}: bind the Role `experimenter` of k8s/base") from None
        except Conflict:
            raise
        except ApiRefused as error:
            raise NotTaken(_in_short(str(error))) from None


def _in_short(refusal: str) -> str:
    """Who refuses, and why; Kubernetes repeats the whole object in between."""
    for why in (STRICTLY, DENIED):
        head, found, tail = refusal.rpartition(why)
        if found:
            return f"{head.partition(':')[0]}: {tail}"
    return refusal if len(refusal) <= MOST_CHARACTERS else f"{refusal[:MOST_CHARACTERS]}..."
