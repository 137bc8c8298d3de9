"""The pods that rendered objects would have."""

from collections.abc import Iterator
from dataclasses import dataclass

KNATIVE = "serving.knative.dev/"


@dataclass(frozen=True)
class Pod:
    """A pod as its owner describes it.

    Attributes:
        owner: `Kind/name`.
        labels: What network policies and Services select it by.
        spec: Its PodSpec.
    """

    owner: str
    labels: dict[str, str]
    spec: dict

    @property
    def containers(self) -> list[dict]:
        """Its containers, helpers that run beside them first."""
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    def ports(self) -> dict[str, int]:
        """Its named ports."""
        return {
            port["name"]: port["containerPort"]
            for container in self.containers
            for port in container.get("ports", [])
        }


def pods(objects: list[dict]) -> list[Pod]:
    """One for each object that makes pods."""
    return list(_pods(objects))


def named_containers(objects: list[dict]) -> dict[str, tuple[Pod, dict]]:
    """Every container with its pod, by `Kind/name/container`."""
    return {
        f"{pod.owner}/{container['name']}": (pod, container)
        for pod in pods(objects)
        for container in pod.containers
    }


def _pods(objects: list[dict]) -> Iterator[Pod]:
    for each in objects:
        template = each.get("spec", {}).get("template")
        if template:
            name = each["metadata"]["name"]
            labels = dict(template["metadata"].get("labels", {}))
            if each["apiVersion"].startswith(KNATIVE):  # Knative labels its pods itself
                labels |= {KNATIVE + "service": name}
            yield Pod(f"{each['kind']}/{name}", labels, template["spec"])
