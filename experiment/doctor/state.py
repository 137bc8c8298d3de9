"""What the API says of a Service's pods and of the way to them."""

from collections.abc import Iterator

from experiment.doctor.facts import PodFacts, Trouble
from experiment.knative.names import SERVICE_LABEL
from experiment.knative.service import ServiceFacts, ready_condition
from experiment.kube import Cluster, Json
from experiment.kube_errors import KubeError
from experiment.resources import PODS, SERVERLESS_SERVICES

NOT_STARTING = frozenset(
    {
        "CrashLoopBackOff",
        "CreateContainerConfigError",
        "CreateContainerError",
        "ErrImageNeverPull",
        "ErrImagePull",
        "ImageInspectError",
        "ImagePullBackOff",
        "InvalidImageName",
        "RunContainerError",
    }
)
MESSAGE_CHARACTERS = 200


def read_pods(cluster: Cluster, service: ServiceFacts) -> PodFacts:
    """The Service's pods now; what may not be read is left out."""
    namespace = service.namespace
    selector = {"labelSelector": f"{SERVICE_LABEL}={service.name}"}
    pods = _items(cluster, PODS.path(namespace), selector)
    alive = [pod for pod in pods if not pod["metadata"].get("deletionTimestamp")]
    ways = _items(cluster, SERVERLESS_SERVICES.path(namespace), selector)
    modes = {way["metadata"]["name"]: way.get("spec", {}).get("mode", "") for way in ways}
    return PodFacts(
        ready=sum(ready_condition(pod.get("status", {}))[0] for pod in alive),
        mode=modes.get(service.revision, ""),
        troubles=tuple(trouble for pod in alive for trouble in troubles_of(pod)),
    )


def troubles_of(pod: Json) -> Iterator[Trouble]:
    """Why the pod does not start, as far as it says."""
    status, name = pod.get("status", {}), pod["metadata"]["name"]
    for container in status.get("containerStatuses") or ():
        waiting = container.get("state", {}).get("waiting") or {}
        if waiting.get("reason") in NOT_STARTING:
            yield Trouble(name, waiting["reason"], _line(waiting.get("message")))
    for condition in status.get("conditions") or ():
        if condition.get("reason") == "Unschedulable":
            yield Trouble(name, "Unschedulable", _line(condition.get("message")))


def _line(text: object) -> str:
    return " ".join(str(text or "").split())[:MESSAGE_CHARACTERS]


def _items(cluster: Cluster, path: str, query: dict[str, str]) -> list[Json]:
    try:
        items: list[Json] = cluster.get(path, query).get("items") or []
    except KubeError:
        return []
    return items
