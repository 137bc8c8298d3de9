"""What a run leaves in the cluster when its process was killed: Jobs, and pods that send."""

import hashlib
from collections.abc import Callable

from experiment.clock import Clock
from experiment.kube import Cluster
from experiment.kube_errors import NotFound
from experiment.launch.manifests import RUN_LABEL
from experiment.resources import JOBS, PODS
from experiment.sweep.cluster.patience import patiently
from experiment.sweep.ground import Halted

NAME_CHARACTERS = 48
DIGEST_CHARACTERS = 8
GONE_S = 180.0
"""Pods have 120 s to send their records home when they are told to end."""
LOOK_S = 1.0


class PodsStay(Halted):
    """Pods of an earlier run do not end."""


def name_in_cluster(sweep_folder: str, attempt: str) -> str:
    """The name of a run among all runs of a namespace, fit for a label.

    Runs of two sweeps have the same names; their records are kept in one place.

    Args:
        sweep_folder: What tells this sweep from others.
        attempt: Name of the attempt's folder.
    """
    digest = hashlib.sha256(f"{sweep_folder}/{attempt}".encode()).hexdigest()[:DIGEST_CHARACTERS]
    return f"{attempt[:NAME_CHARACTERS].rstrip('._-')}-{digest}"


def end_pods(cluster: Cluster, namespace: str, run_id: str, clock: Clock | None = None) -> int:
    """Delete the Jobs of a run, and wait until its pods are gone; how many Jobs that were.

    Raises:
        PodsStay: when they are there for long.
        ApiGone: when the API stays out of reach.
        KubeError: when they may not be deleted.
    """
    clock = clock or Clock()
    selector = {"labelSelector": f"{RUN_LABEL}={run_id}"}
    items = patiently(lambda: cluster.get(JOBS.path(namespace), selector)["items"], clock)
    jobs = [str(job["metadata"]["name"]) for job in items]
    for job in jobs:
        patiently(_deletion(cluster, JOBS.path(namespace, job)), clock)
    end_s = clock.now_s() + GONE_S
    while jobs and patiently(lambda: cluster.get(PODS.path(namespace), selector)["items"], clock):
        if clock.now_s() >= end_s:
            raise PodsStay(
                f"pods of run {run_id} in namespace {namespace} do not end: "
                f"kubectl delete pods -n {namespace} -l {RUN_LABEL}={run_id}"
            )
        clock.sleep(LOOK_S)
    return len(jobs)


def _deletion(cluster: Cluster, path: str) -> Callable[[], None]:
    def delete() -> None:
        try:
            cluster.delete(path, {"propagationPolicy": "Foreground"})
        except NotFound:
            return

    return delete
