"""All of Knative's settings that a run's figures depend on, for its manifest."""

from typing import Any

from experiment.knative.defaults import DEFAULTS, effective
from experiment.knative.names import SYSTEM_NAMESPACE
from experiment.knative.service import ServiceFacts
from experiment.kube import Cluster, Json
from experiment.kube_errors import KubeError
from experiment.resources import CONFIG_MAPS, DEPLOYMENTS, NODES

VERSION_LABEL = "app.kubernetes.io/version"
MOST_NODES = 50
NOT_READ = "not_read"
"""In place of values: why a ConfigMap's are not known."""


def snapshot(cluster: Cluster, service: ServiceFacts) -> Json:
    """As `manifest.knative` has it; what may not be read says so, and nothing fails for it."""
    config_maps = {
        name: _read(cluster, CONFIG_MAPS.path(SYSTEM_NAMESPACE, name)) for name in DEFAULTS
    }
    return {
        "service": service.for_manifest(),
        "config": {name: _values(name, read) for name, read in config_maps.items()},
        "versions": {
            "knative": _knative_version(cluster, config_maps),
            "kubernetes": _read(cluster, "/version").get("gitVersion"),
        },
        "nodes": _cores(cluster),
    }


def _cores(cluster: Cluster) -> dict[str, Any]:
    """CPU that pods can have on each node, in cores; at most `MOST_NODES` of them."""
    try:
        nodes = cluster.get(NODES, {"limit": MOST_NODES}).get("items") or []
    except KubeError as error:
        return {NOT_READ: str(error)}
    return {node["metadata"]["name"]: cores_of(_cpu(node)) for node in nodes}


def _cpu(node: Json) -> str:
    status = node.get("status") or {}
    return str((status.get("allocatable") or status.get("capacity") or {}).get("cpu") or "0")


def cores_of(quantity: str) -> float:
    """Cores of a CPU quantity as Kubernetes writes it, "2" or "1930m"."""
    return float(quantity.removesuffix("m")) / (1000 if quantity.endswith("m") else 1)


def _read(cluster: Cluster, path: str) -> Json:
    try:
        return cluster.get(path)
    except KubeError as error:
        return {NOT_READ: str(error)}


def _values(name: str, config_map: Json) -> dict[str, str]:
    if NOT_READ in config_map:
        return {NOT_READ: config_map[NOT_READ]}
    return effective(name, config_map.get("data") or {})


def _knative_version(cluster: Cluster, config_maps: dict[str, Json]) -> str | None:
    """As its objects are labelled; None when none of them may be read."""
    for one in config_maps.values():
        if version := _version(one):
            return version
    return _version(_read(cluster, DEPLOYMENTS.path(SYSTEM_NAMESPACE, "autoscaler")))


def _version(thing: Json) -> str | None:
    labels = thing.get("metadata", {}).get("labels") or {}
    return labels.get(VERSION_LABEL) or labels.get("serving.knative.dev/release")
