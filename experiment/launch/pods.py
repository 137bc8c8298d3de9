"""The pods of a run as the API has them: whether they start, how they ended."""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from experiment.doctor.facts import Trouble
from experiment.doctor.state import troubles_of
from experiment.kube import Cluster, Json
from experiment.launch.manifests import RUN_LABEL
from experiment.resources import JOBS, PODS

JOB_LABEL = "batch.kubernetes.io/job-name"
ENDED = ("Complete", "Failed")
CONTAINER = "locust"
HOPELESS = frozenset(
    {"CrashLoopBackOff", "ErrImageNeverPull", "ImagePullBackOff", "InvalidImageName"}
)
LOOK_S = 0.5
Found = TypeVar("Found")


def pods_with(cluster: Cluster, namespace: str, selector: str) -> list[Json]:
    """The pods that have the labels."""
    items: list[Json] = cluster.get(PODS.path(namespace), {"labelSelector": selector})["items"]
    return items


def pods_of_run(cluster: Cluster, namespace: str, run_id: str) -> list[Json]:
    """All pods of a run."""
    return pods_with(cluster, namespace, f"{RUN_LABEL}={run_id}")


def pods_of_job(cluster: Cluster, namespace: str, job: str) -> list[Json]:
    """The pods of a Job."""
    return pods_with(cluster, namespace, f"{JOB_LABEL}={job}")


def all_troubles(pods: list[Json]) -> Iterator[Trouble]:
    """Why those of them that do not start do not."""
    for pod in pods:
        yield from troubles_of(pod)


def hopeless_troubles(pods: list[Json]) -> list[Trouble]:
    """Those that time does not heal."""
    return [trouble for trouble in all_troubles(pods) if trouble.reason in HOPELESS]


def has_started(pod: Json) -> bool:
    """Whether its Locust runs, or has run."""
    state = _state(pod)
    return "running" in state or "terminated" in state


def exit_code(pod: Json) -> int | None:
    """Of its Locust; None while that runs."""
    code = _state(pod).get("terminated", {}).get("exitCode")
    return None if code is None else int(code)


def has_ended(cluster: Cluster, namespace: str, job: str) -> bool:
    """Whether all pods of a Job have ended, the records' way home included."""
    status = cluster.get(JOBS.path(namespace, job)).get("status", {})
    conditions = status.get("conditions") or ()
    return any(one["type"] in ENDED and one["status"] == "True" for one in conditions)


def wait_for(look: Callable[[], Found | None], within_s: float) -> Found | None:
    """The first answer of `look` that is not None or False; None when the time is over."""
    end_s = time.monotonic() + within_s
    while True:
        found = look()
        if found is not None and found is not False:
            return found
        if time.monotonic() >= end_s:
            return None
        time.sleep(LOOK_S)


def _state(pod: Json) -> Json:
    for container in pod.get("status", {}).get("containerStatuses") or ():
        if container["name"] == CONTAINER:
            state: Json = container.get("state", {})
            return state
    return {}
