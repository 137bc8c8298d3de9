"""How a Knative Service is reached from here: addresses to try, and what to send as authority."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from experiment.knative.service import ServiceFacts
from experiment.kube import Cluster, Json
from experiment.kube_errors import KubeError
from experiment.resources import INGRESSES, SERVICES

PLAIN_PORT = 80


@dataclass(frozen=True)
class Way:
    """One way in.

    Attributes:
        host: As `--host` takes it, "10.0.0.1:80" or "grpcs://shop.example.com:443".
        authority: What the ingress there routes by; "" where the host itself says it.
    """

    host: str
    authority: str = ""


def ways_in(
    cluster: Cluster, service: ServiceFacts, resolves: Callable[[str], bool]
) -> Iterator[Way]:
    """Ways in, in the order to try them: by name inside, by name outside, by the ingress' address.

    Args:
        cluster: Where to ask for the ingress.
        service: What is to be reached.
        resolves: Whether this machine knows a name.
    """
    if service.cluster_host and resolves(service.cluster_host):
        yield Way(f"{service.cluster_host}:{PLAIN_PORT}")
    if _is_public(service) and resolves(_name(service.host)):
        yield _by_url(service)
    yield from _by_ingress(cluster, service)


def resolves_here(name: str) -> bool:
    """Whether this machine's resolver knows the name."""
    try:
        socket.getaddrinfo(name, PLAIN_PORT)
    except OSError:
        return False
    return True


def inside(service: ServiceFacts) -> Way:
    """The way of pods in the cluster."""
    return Way(f"{service.cluster_host}:{PLAIN_PORT}")


def _by_url(service: ServiceFacts) -> Way:
    parts = urlsplit(service.url)
    if parts.scheme == "https":
        return Way(f"grpcs://{parts.hostname}:{parts.port or 443}")
    return Way(f"{parts.hostname}:{parts.port or PLAIN_PORT}")


def _by_ingress(cluster: Cluster, service: ServiceFacts) -> Iterator[Way]:
    status = _get(cluster, INGRESSES.path(service.namespace, service.name)).get("status", {})
    gateways = [("publicLoadBalancer", service.host)] if _is_public(service) else []
    for balancer, authority in (*gateways, ("privateLoadBalancer", service.cluster_host)):
        for entry in status.get(balancer, {}).get("ingress") or ():
            for address in _addresses(cluster, entry):
                yield Way(f"{address}:{PLAIN_PORT}", authority)


def _is_public(service: ServiceFacts) -> bool:
    """Its visibility is not cluster-local: the gateway for the world knows it."""
    return service.host != service.cluster_host


def _addresses(cluster: Cluster, entry: Json) -> Iterator[str]:
    """Of the Service that stands in front of the ingress' pods: outside before inside."""
    name, _, rest = str(entry.get("domainInternal") or "").partition(".")
    namespace = rest.partition(".")[0]
    front = _get(cluster, SERVICES.path(namespace, name)) if name and namespace else {}
    for one in front.get("status", {}).get("loadBalancer", {}).get("ingress") or ():
        if found := one.get("ip") or one.get("hostname"):
            yield _bracketed(found)
    cluster_ip = front.get("spec", {}).get("clusterIP")
    if cluster_ip not in (None, "", "None"):
        yield _bracketed(cluster_ip)


def _bracketed(address: str) -> str:
    try:
        return f"[{address}]" if ipaddress.ip_address(address).version == 6 else address  # noqa: PLR2004
    except ValueError:
        return address


def _name(host: str) -> str:
    return host.partition(":")[0]


def _get(cluster: Cluster, path: str) -> Json:
    try:
        return cluster.get(path)
    except KubeError:
        return {}
