"""A Kubernetes API in raw JSON: what may be asked of it, and how one is opened.

Everything is bounded in time. What goes wrong is one of `experiment.kube_errors`.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import yaml
from kubernetes.client.api_client import ApiClient
from kubernetes.client.configuration import Configuration
from kubernetes.config import ConfigException, load_incluster_config, load_kube_config

from experiment.kube_api import ApiCluster, Json, Query
from experiment.kube_errors import NoCluster

__all__ = ["Cluster", "Json", "Query", "open_cluster"]

CONNECTIONS = 16
DEFAULT_KUBECONFIG = "~/.kube/config"


class Cluster(Protocol):
    """What is asked of a Kubernetes API; a fake in tests is one as well.

    Paths begin with "/api" or "/apis" (`experiment.resources`). Every method raises `KubeError`.
    """

    def get(self, path: str, query: Query | None = None) -> Json:
        """One object, or a list of them."""

    def watch(
        self, path: str, resource_version: str, timeout_s: int, query: Query | None = None
    ) -> Iterator[Json]:
        """Events since a version, as {"type": …, "object": …}, for `timeout_s` at most.

        The watch is open when this returns; what goes wrong later comes from the iterator.

        Raises:
            ApiGone: when the version is too old: list again.
        """

    def create(self, path: str, body: Json, query: Query | None = None) -> Json:
        """Make an object; `path` is of the list it joins."""

    def patch(self, path: str, body: Json, query: Query | None = None) -> Json:
        """Change an object by a merge patch."""

    def delete(self, path: str, query: Query | None = None) -> Json:
        """Delete an object."""

    def logs(self, namespace: str, pod: str, query: Query | None = None) -> Iterator[str]:
        """A pod's log by lines; with {"follow": "true"} until its container ends."""

    def download(self, path: str, query: Query | None = None) -> Iterator[bytes]:
        """What is at a path, in pieces, as it is: for proxies."""

    def close(self) -> None:
        """End all watches and logs that other threads read, and all connections."""


def open_cluster(kubeconfig: str | None = None, context: str | None = None) -> ApiCluster:
    """The cluster that a kubeconfig names, or the one this process runs in.

    Args:
        kubeconfig: Its file; $KUBECONFIG, else ~/.kube/config, else the pod's own account.
        context: Which of the file's contexts; its current one when None.

    Raises:
        NoCluster: when there is none, or it cannot be read.
    """
    configuration = Configuration()
    try:
        _load(configuration, kubeconfig, context)
    except (ConfigException, OSError, ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())
        raise NoCluster(
            f"no cluster: {said}; give --kubeconfig FILE, set KUBECONFIG, or run in a pod"
        ) from None
    configuration.retries = False  # who asks decides, and knows how long it took
    configuration.keep_alive = True
    configuration.connection_pool_maxsize = CONNECTIONS
    return ApiCluster(ApiClient(configuration))


def _load(configuration: Configuration, kubeconfig: str | None, context: str | None) -> None:
    given = kubeconfig or os.environ.get("KUBECONFIG")
    path = Path(given or DEFAULT_KUBECONFIG).expanduser()
    if given is None and context is None and not path.exists():
        load_incluster_config(client_configuration=configuration)
        return
    load_kube_config(given or str(path), context, configuration, persist_config=False)
