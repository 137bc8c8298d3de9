"""What keeps the records of all runs of a namespace: made where it is missing."""

from contextlib import suppress

from experiment.kube import Cluster, Json
from experiment.kube_errors import Conflict, KubeError
from experiment.launch import pods
from experiment.launch.errors import NotLaunched
from experiment.launch.manifests import PodRun, k8s_folder, keeper_objects, path_of
from experiment.launch.telling import say
from experiment.resources import DEPLOYMENTS

READY_S = 120.0
NAME = "locust-results"
LABEL = f"app.kubernetes.io/component={NAME}"


def have_keeper(cluster: Cluster, run: PodRun) -> None:
    """Have the keeper of records in the run's namespace, ready to take some.

    Raises:
        NotLaunched: when it does not start; what was made of it is gone then.
        KubeError: when the API cannot be asked.
    """
    made = _make(cluster, run)
    if made:
        say(f"made {NAME} in namespace {run.namespace}, which keeps records of runs there")
    try:
        _wait(cluster, run.namespace)
    except NotLaunched:
        for thing in made:
            with suppress(KubeError):
                cluster.delete(f"{path_of(thing)}/{thing['metadata']['name']}")
        raise


def _wait(cluster: Cluster, namespace: str) -> None:
    if pods.wait_for(lambda: _is_ready(cluster, namespace), READY_S) is None:
        raise NotLaunched(f"{_name(namespace)} did not start within {READY_S:g} s")


def _make(cluster: Cluster, run: PodRun) -> list[Json]:
    """Those objects of it that were not there."""
    made = []
    for thing in keeper_objects(k8s_folder(), run):
        with suppress(Conflict):
            cluster.create(path_of(thing), thing)
            made.append(thing)
    return made


def _is_ready(cluster: Cluster, namespace: str) -> bool:
    keeper = cluster.get(DEPLOYMENTS.path(namespace, NAME))
    if keeper.get("status", {}).get("readyReplicas"):
        return True
    found = pods.pods_with(cluster, namespace, LABEL)
    for trouble in pods.hopeless_troubles(found):
        raise NotLaunched(f"{_name(namespace)} does not start: {trouble.in_words}")
    return False


def _name(namespace: str) -> str:
    return f"{NAME} in namespace {namespace}"
