"""Prints Knative Serving's manifests with this cluster's images and settings.

`render.py FOLDER TAG crds|core`; FOLDER holds the `config` folders of the modules serving,
networking and caching. The modules lack files that are links in their repositories; those are
taken from where the links lead.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

SETTINGS = {
    "config-network": {"ingress-class": "traefik.ingress.networking.knative.dev"},
    "config-domain": {"kn.test": ""},
    "config-autoscaler": {"scale-to-zero-grace-period": "10s"},
    "config-observability": {"metrics.backend-destination": "prometheus"},
    "config-deployment": {
        "queue-sidecar-image": "ko.local/queue:{tag}",
        "progress-deadline": "120s",
    },
}
COMMAND = "ko://knative.dev/serving/cmd/"
REQUESTS = {"cpu": "20m", "memory": "40Mi"}  # two cores hold the whole cluster and its load


def definition_files(modules: Path) -> list[Path]:
    """Knative's custom resource definitions."""
    linked = ("certificate", "domain-claim", "ingress", "serverlessservice")
    return [
        *sorted((modules / "serving/config/core/300-resources").glob("*.yaml")),
        *(modules / f"networking/config/{name}.yaml" for name in linked),
        modules / "caching/config/image.yaml",
    ]


def core_files(modules: Path) -> list[Path]:
    """All else, in the order in which it is to be made."""
    core = modules / "serving/config/core"
    return [
        core / "100-namespace.yaml",
        *sorted((core / "200-roles").glob("*.yaml")),
        core / "200-serviceaccount.yaml",
        *sorted((core / "configmaps").glob("*.yaml")),
        modules / "networking/config/config-network.yaml",
        *sorted((core / "deployments").glob("*.yaml")),
        *sorted((core / "webhooks").glob("*.yaml")),
    ]


def settle_settings(config_map: dict, tag: str) -> None:
    """Leave out the examples, put this cluster's values in."""
    data = config_map.setdefault("data", {})
    data.pop("_example", None)
    config_map["metadata"].get("annotations", {}).pop("knative.dev/example-checksum", None)
    for key, value in SETTINGS.get(config_map["metadata"]["name"], {}).items():
        data[key] = value.format(tag=tag)


def settle_containers(deployment: dict, tag: str) -> None:
    """Local images, small requests."""
    for container in deployment["spec"]["template"]["spec"]["containers"]:
        container["image"] = container["image"].replace(COMMAND, "ko.local/") + f":{tag}"
        container["resources"]["requests"] = dict(REQUESTS)


def render(files: list[Path], tag: str) -> Iterator[dict]:
    """The objects of the files, for this cluster; autoscalers of Knative itself are left out."""
    for file in files:
        for found in yaml.safe_load_all(file.read_text()):
            if not found or found["kind"] == "HorizontalPodAutoscaler":
                continue
            if found["kind"] == "ConfigMap":
                settle_settings(found, tag)
            if found["kind"] == "Deployment":
                settle_containers(found, tag)
            yield found


def main(folder: str, tag: str, part: str) -> None:
    """Print one part."""
    files = {"crds": definition_files, "core": core_files}[part](Path(folder))
    yaml.safe_dump_all(render(files, tag), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
