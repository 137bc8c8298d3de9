"""Whether a namespace is there, asked before anything else fails for it."""

from experiment.errors import ExperimentError
from experiment.kube import Cluster
from experiment.kube_errors import Forbidden, NotFound
from experiment.resources import NAMESPACES


class NoSuchNamespace(ExperimentError):
    """The cluster has no such namespace."""


def check_namespace(cluster: Cluster, namespace: str) -> None:
    """Refuse a namespace that is not there; without permission to look it is believed.

    Raises:
        NoSuchNamespace: naming it.
        KubeError: when the API cannot be asked.
    """
    try:
        cluster.get(f"{NAMESPACES}/{namespace}")
    except NotFound:
        raise NoSuchNamespace(
            f"there is no namespace {namespace!r}; kubectl get namespaces shows them all"
        ) from None
    except Forbidden:
        return
