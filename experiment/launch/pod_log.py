"""A pod's log to its end, through breaks of the connection."""

import time
from collections.abc import Callable, Iterator

from experiment.kube import Cluster
from experiment.kube_errors import KubeError

AGAIN_S = 1.0
PATIENCE_S = 60.0
"""So long the API may be away before the log is given up; the run itself goes on."""


def follow_log(
    cluster: Cluster, namespace: str, pod: str, container: str, is_over: Callable[[], bool]
) -> Iterator[str]:
    """Lines of a container's log until it has ended, each once.

    Args:
        cluster: Where to ask.
        namespace: Of the pod.
        pod: Its name.
        container: Whose log.
        is_over: Whether the container has ended, asked when the log breaks off.

    Raises:
        KubeError: when the API stays away.
    """
    stamp = ""
    alive_s = time.monotonic()
    while True:
        query = {"follow": "true", "timestamps": "true", "container": container}
        query |= {"sinceTime": stamp} if stamp else {}
        broken: KubeError | None = None
        try:
            for at, line in _stamped(cluster.logs(namespace, pod, query)):
                if at > stamp:
                    stamp, alive_s = at, time.monotonic()
                    yield line
        except KubeError as error:  # refused, silent, or the way to it broke
            broken = error
        if _ended(is_over):
            return
        if broken is not None and time.monotonic() - alive_s > PATIENCE_S:
            raise broken
        time.sleep(AGAIN_S)


def _stamped(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        at, _, text = line.partition(" ")
        yield at, text


def _ended(is_over: Callable[[], bool]) -> bool:
    try:
        return is_over()
    except KubeError:
        return False
