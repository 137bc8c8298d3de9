"""A Knative Service of the worker in a test's namespace: its manifest, its pods, its autoscaler."""

import os
from dataclasses import dataclass
from datetime import datetime

from tests.e2e.kubectl import Kubectl
from tests.e2e.spin_calls import Entrance, call, open_stub
from tests.waiting import wait_for

WORKER_IMAGE = os.environ.get("E2E_WORKER_IMAGE", "ko.local/locust-knative-worker:e2e")
AUTOSCALING = "autoscaling.knative.dev/"
PREFIX = "serving.knative.dev/"


def service(namespace: str, name: str = "worker", **autoscaling: str) -> dict:
    """The manifest of a Service of the worker; `target_burst_capacity="0"` and the like."""
    annotations = {"min-scale": "0", "max-scale": "4", "window": "6s", "target": "1"}
    annotations |= {key.replace("_", "-"): value for key, value in autoscaling.items()}
    container = {
        "image": WORKER_IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"name": "h2c", "containerPort": 8080}],
        "readinessProbe": {"grpc": {"port": 8080}, "periodSeconds": 1},
        "resources": {"requests": {"cpu": "25m", "memory": "64Mi"}},
    }
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "template": {
                "metadata": {
                    "annotations": {AUTOSCALING + key: text for key, text in annotations.items()}
                },
                "spec": {
                    "containerConcurrency": 1,
                    "timeoutSeconds": 60,
                    "containers": [container],
                },
            }
        },
    }


@dataclass(frozen=True)
class KnativeService:
    """A ready Service, and questions to the API about it."""

    kubectl: Kubectl
    namespace: str
    name: str

    def is_ready(self) -> bool:
        """Whether Knative calls the latest generation ready."""
        found = self.kubectl.get(self.namespace, "ksvc", self.name)
        seen = found.get("status", {}).get("observedGeneration")
        return seen == found["metadata"]["generation"] and _is_true(found, "Ready")

    def entrance(self) -> Entrance:
        """Where calls go in: E2E_INGRESS, else the ingress that the Service's name leads to."""
        status = self.kubectl.get(self.namespace, "ksvc", self.name)["status"]
        authority = status["address"]["url"].partition("://")[2]  # the name inside the cluster
        return Entrance(os.environ.get("E2E_INGRESS") or self._ingress(), authority)

    def entrance_of_revision(self) -> Entrance:
        """The address to which the ingress sends: behind it are the pods, or the activator."""
        name = self.path()["metadata"]["name"]
        found = self.kubectl.get(self.namespace, "service", name)["spec"]
        return Entrance(f"{found['clusterIP']}:{found['ports'][0]['port']}", name)

    def pods(self) -> list[dict]:
        """Pods that are not on their way out."""
        found = self.kubectl.items(self.namespace, "pods", f"{PREFIX}service={self.name}")
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def made_at(self) -> dict[str, datetime]:
        """When each pod was made, by its name; whole seconds."""
        found = [pod["metadata"] for pod in self.pods()]
        return {pod["name"]: datetime.fromisoformat(pod["creationTimestamp"]) for pod in found}

    def ready_pods(self) -> list[dict]:
        """Pods that say they are ready."""
        return [pod for pod in self.pods() if _is_true(pod, "Ready")]

    def only_pod(self) -> str:
        """The name of the one that is ready."""
        [pod] = self.ready_pods()
        return pod["metadata"]["name"]

    def wait_for_one_pod(self) -> None:
        """Until calls past the activator reach one ready pod."""
        wait_for("one pod", lambda: len(self.pods()) == len(self.ready_pods()) == 1, within_s=60)
        wait_for("no activator in the path", self.is_past_the_activator, within_s=30)

    def wait_for_pods(self, count: int, within_s: float) -> None:
        """Until exactly `count` pods are there."""
        wait_for(f"{count} pods", lambda: len(self.pods()) == count, within_s)

    def autoscaler(self) -> dict:
        """The PodAutoscaler of the latest revision."""
        return self._of_revision("podautoscaler")

    def path(self) -> dict:
        """The ServerlessService of the latest revision; Proxy: the activator is in the path."""
        return self._of_revision("serverlessservice")

    def addresses_called(self) -> set[str]:
        """Addresses behind the revision's public Service: the activator's, or the pods' own."""
        name = self.path()["metadata"]["name"]
        subsets = self.kubectl.get(self.namespace, "endpoints", name).get("subsets", [])
        return {at["ip"] for subset in subsets for at in subset.get("addresses", [])}

    def is_past_the_activator(self) -> bool:
        """Whether new connections to the revision reach pods.

        The activator refuses a call in which no ingress says which revision is meant; a pod
        answers. Mode and endpoints say so a little earlier, and a connection that the ingress opens
        meanwhile stays with the activator.
        """
        with open_stub(self.entrance_of_revision()) as stub:
            return self.path()["spec"]["mode"] == "Serve" and call(stub).status == "OK"

    def _of_revision(self, kind: str) -> dict:
        service = self.kubectl.get(self.namespace, "ksvc", self.name)
        return self.kubectl.get(self.namespace, kind, service["status"]["latestReadyRevisionName"])

    def _ingress(self) -> str:
        target = self.kubectl.get(self.namespace, "service", self.name)["spec"]["externalName"]
        name, namespace = target.split(".")[:2]
        ingress = self.kubectl.get(namespace, "service", name)["spec"]["clusterIP"]
        return f"{ingress}:80"


def deploy(kubectl: Kubectl, manifest: dict) -> KnativeService:
    """Apply the manifest and wait until Knative calls its latest generation ready."""
    kubectl.apply([manifest])
    where = manifest["metadata"]
    deployed = KnativeService(kubectl, where["namespace"], where["name"])
    wait_for(f"ksvc {where['name']} ready", deployed.is_ready, within_s=90)
    return deployed


def _is_true(found: dict, condition: str) -> bool:
    conditions = found.get("status", {}).get("conditions", [])
    return any(each["type"] == condition and each["status"] == "True" for each in conditions)
