"""What a real API server and Knative's webhook say to the manifests, without keeping anything."""

from pathlib import Path

import pytest

from tests.e2e.kubectl import Kubectl, KubectlFailed
from tests.e2e.manifests import render
from tests.k8s.pods import pods
from tests.k8s.rendering import OVERLAYS, only
from tests.k8s.spoiled_services import IGNORED, spoiled_services

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def restricted(cluster: Kubectl, namespace: str) -> str:
    """A namespace that refuses what is not restricted, as ours does."""
    label = "pod-security.kubernetes.io/enforce=restricted"
    cluster.text("label", "namespace", namespace, label)
    return namespace


def is_taken(cluster: Kubectl, thing: dict) -> bool:
    try:
        cluster.apply([thing], dry_run="server")
    except KubectlFailed:
        return False
    return True


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_server_takes_every_object_of_an_overlay(
    cluster: Kubectl, restricted: str, tmp_path: Path, overlay: str
) -> None:
    cluster.apply(render(cluster, tmp_path, overlay, restricted, {}), dry_run="server")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_server_takes_every_pod_of_an_overlay_under_the_restricted_standard(
    cluster: Kubectl, restricted: str, tmp_path: Path, overlay: str
) -> None:
    ours = [
        pod
        for pod in pods(render(cluster, tmp_path, overlay, restricted, {}))
        if not pod.owner.startswith("Service/")  # Knative makes that one's, with a proxy beside it
    ]
    assert ours
    for pod in ours:
        spec = {name: value for name, value in pod.spec.items() if name != "serviceAccountName"}
        assert is_taken(cluster, as_pod(restricted, spec)), pod.owner


def test_it_would_not_take_a_pod_that_may_become_root(cluster: Kubectl, restricted: str) -> None:
    container = {"name": "any", "image": "ko.local/any:1"}
    assert not is_taken(cluster, as_pod(restricted, {"containers": [container]}))


def test_knative_refuses_what_our_schema_refuses_but_for_what_it_ignores(
    cluster: Kubectl, restricted: str, tmp_path: Path
) -> None:
    objects = render(cluster, tmp_path, "headless", restricted, {})
    service = only(objects, "Service", "worker")
    assert is_taken(cluster, service)
    taken = {name for name, each in spoiled_services(service) if is_taken(cluster, each)}
    assert taken == IGNORED


def as_pod(namespace: str, spec: dict) -> dict:
    where = {"name": "probe", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": where, "spec": spec}
