"""The manifests of k8s/ as a user sets them: namespace, images, options, each in its place."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.e2e.knative import WORKER_IMAGE, KnativeService
from tests.e2e.kubectl import Kubectl
from tests.waiting import wait_for

K8S = Path(__file__).parents[2] / "k8s"
IMAGES = {
    "locust-knative-generator": os.environ.get(
        "E2E_GENERATOR_IMAGE", "ko.local/locust-knative-generator:e2e"
    ),
    "locust-knative-worker": WORKER_IMAGE,
}
QUICK = {"autoscaling.knative.dev/window": "6s", "autoscaling.knative.dev/max-scale": "3"}
SMALL = {"cpu": "20m", "memory": "64Mi"}  # what is asked for, or two cores have no room for it


def render(
    kubectl: Kubectl, folder: Path, overlay: str, namespace: str, options: Mapping[str, str]
) -> list[dict]:
    """The objects of an overlay.

    Args:
        kubectl: Its kustomize is used.
        folder: An empty one; k8s/ is copied there and changed as its README says.
        overlay: A folder of k8s/overlays.
        namespace: Takes the place of `loadtest`.
        options: `LOCUST_...` variables that differ from those of base/options.yaml.
    """
    tree = folder / "k8s"
    shutil.copytree(K8S, tree)
    with changed(tree / "settings/kustomization.yaml") as settings:
        settings["namespace"] = namespace
        for image in settings["images"]:
            image["newName"], image["newTag"] = IMAGES[image["name"]].rsplit(":", 1)
    with changed(tree / "base/options.yaml") as config_map:
        config_map["data"] |= options
    with changed(tree / "knative-service/service.yaml") as service:
        service["spec"]["template"]["metadata"]["annotations"] |= QUICK
    objects = list(yaml.safe_load_all(kubectl.kustomize(tree / "overlays" / overlay)))
    for found in objects:
        ask_for_little(found)
    return objects


@contextmanager
def changed(path: Path) -> Iterator[dict]:
    """The one object of a YAML file, written back after the block."""
    content = yaml.safe_load(path.read_text())
    yield content
    path.write_text(yaml.safe_dump(content))


def ask_for_little(found: dict) -> None:
    """Lower the requests of an object's containers; their limits stay."""
    pod = found.get("spec", {}).get("template", {}).get("spec", {})
    for container in (*pod.get("initContainers", []), *pod.get("containers", [])):
        container["resources"]["requests"] |= SMALL


def apply_to_namespace(kubectl: Kubectl, objects: list[dict], namespace: str) -> None:
    """Apply them; those for other namespaces are tried by the server and not kept."""
    ours = [each for each in objects if place_of(each) == namespace]
    others = [each for each in objects if place_of(each) != namespace]
    kubectl.apply(ours)
    kubectl.apply(others, dry_run="server")


def apply_but_jobs(kubectl: Kubectl, objects: list[dict], namespace: str) -> KnativeService:
    """Apply what a run needs, and wait until its target is ready."""
    apply_to_namespace(kubectl, [each for each in objects if each["kind"] != "Job"], namespace)
    target = KnativeService(kubectl, namespace, "worker")
    wait_for("the target ready", target.is_ready, within_s=90)
    return target


def place_of(found: dict) -> str:
    """The namespace that an object is in, or is."""
    where = found["metadata"]
    return where["name"] if found["kind"] == "Namespace" else where["namespace"]
