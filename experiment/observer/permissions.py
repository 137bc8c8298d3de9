"""Whether all that is watched may be watched, found out before a run by asking for it once."""

from collections.abc import Callable, Iterator
from functools import partial

from experiment.errors import ExperimentError
from experiment.kube import Cluster
from experiment.kube_errors import Forbidden
from experiment.observer.readers import WATCHED
from experiment.resources import KNATIVE_SERVICES


class MayNotObserve(ExperimentError):
    """Permissions are missing; the message names them all and the Role that has them."""


def check_permissions(cluster: Cluster, namespace: str, name: str) -> None:
    """Ask for all that an observation of a Service asks for; the caller closes the cluster.

    Raises:
        MayNotObserve: naming every permission that is missing.
        NotFound: when there is no such Service, or no Knative.
        KubeError: when the API cannot be asked.
    """
    verbs: dict[str, list[str]] = {}
    for refused in _refusals(_questions(cluster, namespace, name)):
        verbs.setdefault(refused.what.partition(" ")[0], []).append(refused.verb)
    if verbs:
        missing = ", ".join(f"{' and '.join(each)} {what}" for what, each in verbs.items())
        raise MayNotObserve(
            f"no permission in namespace {namespace} to {missing}: "
            "bind the Role `observer` of k8s/base/roles.yaml"
        )


def _questions(cluster: Cluster, namespace: str, name: str) -> Iterator[Callable[[], object]]:
    yield partial(cluster.get, KNATIVE_SERVICES.path(namespace, name))
    for watched in WATCHED:
        path = watched.resource.path(namespace)
        yield partial(cluster.get, path, {"limit": 1})
        yield partial(cluster.watch, path, "", 1)


def _refusals(questions: Iterator[Callable[[], object]]) -> Iterator[Forbidden]:
    for ask in questions:
        try:
            ask()
        except Forbidden as refused:
            yield refused
