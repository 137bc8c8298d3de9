"""What a Knative Service is, as far as a run must know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from experiment.kube import Cluster, Json
from experiment.kube_errors import ApiRefused
from experiment.resources import KNATIVE_SERVICES, REVISIONS

_OF_CLIENTS = ("client.knative.dev/", "kubectl.kubernetes.io/")
_WHO_AND_WHEN = ("creator", "lastModifier", "routes", "routingStateModified")
_BOOKKEEPING = frozenset(f"serving.knative.dev/{name}" for name in _WHO_AND_WHEN)


@dataclass(frozen=True)
class ServiceFacts:
    """A Service and the revision of it that was ready last.

    Attributes:
        url: As the ingress knows it, "http://worker.loadtest.example.com"; "" before it has one.
        address: As the cluster knows it, "http://worker.loadtest.svc.cluster.local"; "" likewise.
        revision: Latest ready one; "" when none ever was.
        is_ready: Its Ready condition is True.
        reason: Why not: reason and message of that condition, on one line.
        is_decided: Knative has said True or False of the Service as it is asked for now; before
            that it is at work on it.
        annotations: Of its revisions; without those that say who made them, by what and when.
        container_concurrency: Calls that a pod works at at once; 0 is no limit.
        timeout_s: How long a call may take; None where only Knative's default says it.
        image: Of its container, by digest where Knative resolved it.
        port_name: Of its container's port; "" where it has none.
        port: Number of that port; None likewise.
        resources: Requests and limits of its container.
    """

    namespace: str
    name: str
    url: str
    address: str
    revision: str
    is_ready: bool
    reason: str
    is_decided: bool
    annotations: Mapping[str, str]
    container_concurrency: int
    timeout_s: float | None
    image: str
    port_name: str
    port: int | None
    resources: Mapping[str, Any]

    @property
    def full_name(self) -> str:
        """As NAMESPACE/NAME."""
        return f"{self.namespace}/{self.name}"

    @property
    def host(self) -> str:
        """The host that its ingress routes by: what a call through it must name as authority."""
        return urlsplit(self.url).netloc

    @property
    def cluster_host(self) -> str:
        """Its host inside the cluster."""
        return urlsplit(self.address).netloc

    def for_manifest(self) -> Json:
        """As `manifest.knative["service"]` has it."""
        return {
            "namespace": self.namespace,
            "name": self.name,
            "url": self.url,
            "address": self.address,
            "revision": self.revision,
            "annotations": dict(self.annotations),
            "container_concurrency": self.container_concurrency,
            "timeout_s": self.timeout_s,
            "image": self.image,
            "port_name": self.port_name,
            "resources": dict(self.resources),
        }


def read_service(cluster: Cluster, namespace: str, name: str) -> ServiceFacts:
    """Ask the API for a Service and its latest ready revision.

    Raises:
        NotFound: when there is no such Service.
        KubeError: when it cannot be asked.
    """
    service = cluster.get(KNATIVE_SERVICES.path(namespace, name))
    revision = str(service.get("status", {}).get("latestReadyRevisionName") or "")
    return service_facts(service, _revision(cluster, namespace, revision))


def _revision(cluster: Cluster, namespace: str, name: str) -> Json:
    if not name:
        return {}
    try:
        return cluster.get(REVISIONS.path(namespace, name))
    except ApiRefused:
        return {}  # it has just gone, or without permission the template of the Service must do


def service_facts(service: Json, revision: Json) -> ServiceFacts:
    """The facts in a Service and its revision; without revision, what its template says."""
    template = service.get("spec", {}).get("template", {})
    spec = revision.get("spec") or template.get("spec", {})
    annotations = (revision or template).get("metadata", {}).get("annotations") or {}
    container = _container(spec)
    port = (container.get("ports") or [{}])[0]
    status = service.get("status", {})
    is_ready, reason = ready_condition(status)
    timeout = spec.get("timeoutSeconds")
    return ServiceFacts(
        namespace=service["metadata"]["namespace"],
        name=service["metadata"]["name"],
        url=status.get("url") or "",
        address=(status.get("address") or {}).get("url") or "",
        revision=status.get("latestReadyRevisionName") or "",
        is_ready=is_ready,
        reason=reason,
        is_decided=_is_decided(service),
        annotations=_settings(annotations),
        container_concurrency=int(spec.get("containerConcurrency") or 0),
        timeout_s=None if timeout is None else float(timeout),
        image=_image(revision, container),
        port_name=port.get("name") or "",
        port=port.get("containerPort"),
        resources=container.get("resources") or {},
    )


def _settings(annotations: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in annotations.items()
        if name not in _BOOKKEEPING and not name.startswith(_OF_CLIENTS)
    }


def ready_condition(status: Json) -> tuple[bool, str]:
    """Whether Ready is True, and why not, on one line."""
    condition = _ready(status)
    if condition is None:
        return False, "not yet known"
    said = (condition.get("reason"), condition.get("message"))
    reason = ": ".join(" ".join(str(part).split()) for part in said if part)
    return condition.get("status") == "True", reason


def _ready(status: Json) -> Json | None:
    conditions: list[Json] = status.get("conditions") or []
    return next((one for one in conditions if one.get("type") == "Ready"), None)


def is_observed(service: Json) -> bool:
    """Whether the status is about what is asked for now, not about what was before a change."""
    observed = service.get("status", {}).get("observedGeneration")
    return bool(observed == service["metadata"].get("generation"))


def _is_decided(service: Json) -> bool:
    said = (_ready(service.get("status", {})) or {}).get("status")
    return is_observed(service) and said in ("True", "False")


def _container(spec: Json) -> Json:
    """The container that serves: the one with a port, else the first."""
    containers: list[Json] = spec.get("containers") or [{}]
    return next((one for one in containers if one.get("ports")), containers[0])


def _image(revision: Json, container: Json) -> str:
    resolved = revision.get("status", {}).get("containerStatuses") or ()
    digests = {one.get("name"): one.get("imageDigest") for one in resolved}
    return digests.get(container.get("name")) or container.get("image") or ""
