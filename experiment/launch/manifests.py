"""The objects of a run by pods: those of `k8s/base`, changed as data for one run."""

import copy
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from experiment.errors import ExperimentError
from experiment.kube import Json
from experiment.resources import (
    CONFIG_MAPS,
    DEPLOYMENTS,
    JOBS,
    SECRETS,
    SERVICE_ACCOUNTS,
    SERVICES,
    Resource,
)

RUN_LABEL = "locust-knative/run"
GENERATOR = "locust-knative-generator"
FILES = "/files"
OF_EVERY_RUN = (
    "LOCUST_EXPECT_WORKERS_MAX_WAIT",
    "LOCUST_EXIT_CODE_ON_ERROR",
    "LOCUST_ONLY_SUMMARY",
    "LOCUST_RECORDS",
)
"""Of `options.yaml`; its other settings are those of an example run."""
KINDS: Mapping[str, Resource] = {
    "ConfigMap": CONFIG_MAPS,
    "Deployment": DEPLOYMENTS,
    "Job": JOBS,
    "Secret": SECRETS,
    "Service": SERVICES,
    "ServiceAccount": SERVICE_ACCOUNTS,
}


LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


class BadLabel(ExperimentError):
    """A run's name is none that Kubernetes takes as a label."""


class NoManifests(ExperimentError):
    """The files of k8s/ are not there, or not as they were."""


@dataclass(frozen=True)
class PodRun:
    """A run by pods.

    Attributes:
        run_id: Its name, which is a label as well.
        namespace: Where its pods are.
        workers: How many send.
        arguments: Locust's, for the master.
        image: Of the generator; "" for what `k8s/settings` says.
        cpu: What each pod asks for; "" for what `k8s/base` says.
        files: Names and contents of files that the pods see below `FILES`.
        secrets: Environment variables of the master that are nobody else's to see.
    """

    run_id: str
    namespace: str
    workers: int
    arguments: tuple[str, ...]
    image: str = ""
    cpu: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        """Short for the run's name, where names of objects cannot hold it."""
        return hashlib.sha256(self.run_id.encode()).hexdigest()[:8]

    def named(self, name: str) -> str:
        """The name of this run's object of that name."""
        return f"{name}-{self.suffix}"


def check_label(run_id: str) -> str:
    """The name itself when pods can be labelled with it.

    Raises:
        BadLabel: saying what can be.
    """
    if LABEL.fullmatch(run_id) is None:
        raise BadLabel(
            f"--run-id is {run_id!r}; valid with --in-cluster: up to 63 letters, digits, . _ and -,"
            " a letter or digit at both ends"
        )
    return run_id


def k8s_folder() -> Path:
    """Where the manifests are: beside the package, or in it where it is installed."""
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "k8s", here.parent / "k8s"):
        if (folder / "base").is_dir():
            return folder
    raise NoManifests("the folder k8s/ is not there: run pods from the project's folder")


def keeper_objects(folder: Path, run: PodRun) -> list[Json]:
    """What keeps the records of all runs in the namespace, and the account of all its pods."""
    accounts = [one for one in _read(folder, "service-accounts") if _name(one) == "generator"]
    return [_placed(folder, one, run) for one in (*accounts, *_read(folder, "results"))]


def run_objects(folder: Path, run: PodRun) -> list[Json]:
    """What there is for this run alone: first the master, suspended, then what it needs."""
    options = _options(folder, run)
    files = {"apiVersion": "v1", "kind": "ConfigMap", "data": dict(run.files)}
    files["metadata"] = {"name": "locust-files"}
    [service] = _read(folder, "master-service")
    service["spec"]["selector"][RUN_LABEL] = run.run_id
    [worker], [master] = _read(folder, "worker-job"), _read(folder, "master-job")
    worker["spec"] |= {"completions": run.workers, "parallelism": run.workers}
    _container(worker)["args"] = ["--worker", "--master-host", run.named("locust-master")]
    master["spec"]["suspend"] = True  # until all that it needs is there
    _container(master)["args"] = [*_container(master)["args"], *run.arguments]
    _container(master)["envFrom"] = _environment(run)
    for job in (worker, master):
        _see_files(job)
        _take_cpu(job, run.cpu)
        job["spec"]["template"]["metadata"]["labels"][RUN_LABEL] = run.run_id
    made = [master, options, files, *_secret(run), service, worker]
    return [_of_run(_placed(folder, one, run), run) for one in made]


def owned_by(thing: Json, owner: Json) -> Json:
    """The object, gone when its owner is."""
    reference = {key: owner[key] for key in ("apiVersion", "kind")}
    reference |= {key: owner["metadata"][key] for key in ("name", "uid")}
    metadata = {**thing["metadata"], "ownerReferences": [reference]}
    return {**thing, "metadata": metadata}


def path_of(thing: Json) -> str:
    """Where such objects are made."""
    return KINDS[thing["kind"]].path(thing["metadata"]["namespace"])


def _options(folder: Path, run: PodRun) -> Json:
    [options] = _read(folder, "options")
    data = {name: text for name, text in options["data"].items() if name in OF_EVERY_RUN}
    options["data"] = {**data, "LOCUST_EXPECT_WORKERS": str(run.workers)}
    return options


def _secret(run: PodRun) -> list[Json]:
    if not run.secrets:
        return []
    metadata = {"name": "locust-secrets"}
    secrets = dict(run.secrets)
    return [{"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": secrets}]


def _environment(run: PodRun) -> list[Json]:
    sources: list[Json] = [{"configMapRef": {"name": run.named("locust-options")}}]
    if run.secrets:
        sources.append({"secretRef": {"name": run.named("locust-secrets")}})
    return sources


def _see_files(job: Json) -> None:
    pod = job["spec"]["template"]["spec"]
    pod["volumes"].append({"name": "files", "configMap": {"name": "locust-files"}})
    mount = {"name": "files", "mountPath": FILES, "readOnly": True}
    _container(job)["volumeMounts"].append(mount)


def _take_cpu(job: Json, cpu: str) -> None:
    if cpu:
        _container(job)["resources"]["requests"]["cpu"] = cpu


def _of_run(thing: Json, run: PodRun) -> Json:
    thing["metadata"]["name"] = run.named(thing["metadata"]["name"])
    thing["metadata"].setdefault("labels", {})[RUN_LABEL] = run.run_id
    for volume in _pod_spec(thing).get("volumes", ()):
        if volume["name"] == "files":
            volume["configMap"]["name"] = run.named("locust-files")
    return thing


def _placed(folder: Path, thing: Json, run: PodRun) -> Json:
    """In the run's namespace, with real images."""
    thing = copy.deepcopy(thing)
    thing["metadata"]["namespace"] = run.namespace
    labels = thing["metadata"].setdefault("labels", {})
    labels["app.kubernetes.io/part-of"] = "locust-knative"
    pod = _pod_spec(thing)
    for container in (*pod.get("initContainers", ()), *pod.get("containers", ())):
        if container["image"] == GENERATOR:
            container["image"] = run.image or generator_image(folder)
    return thing


def generator_image(folder: Path) -> str:
    """The image that `k8s/settings` names."""
    settings = yaml.safe_load((folder / "settings" / "kustomization.yaml").read_text("utf-8"))
    for image in settings.get("images", ()):
        if image["name"] == GENERATOR:
            return f"{image.get('newName', GENERATOR)}:{image.get('newTag', 'latest')}"
    return GENERATOR


def _pod_spec(thing: Json) -> Json:
    spec: Json = thing.get("spec", {}).get("template", {}).get("spec", {})
    return spec


def _container(job: Json) -> Json:
    container: Json = _pod_spec(job)["containers"][0]
    return container


def _name(thing: Json) -> Any:
    return thing["metadata"]["name"]


def _read(folder: Path, name: str) -> list[Json]:
    path = folder / "base" / f"{name}.yaml"
    try:
        return [one for one in yaml.safe_load_all(path.read_text("utf-8")) if one]
    except (OSError, yaml.YAMLError) as error:
        raise NoManifests(f"{path} cannot be read: {error}") from None
