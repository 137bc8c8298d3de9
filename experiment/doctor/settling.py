"""A Service that Knative is at work on is looked at again: how it stands is no verdict yet."""

from experiment.clock import Clock
from experiment.doctor.state import read_pods
from experiment.knative.service import ServiceFacts, read_service
from experiment.kube import Cluster

SETTLE_S = 30.0
"""As long as a call may take by default, a start from zero included."""
LOOK_S = 0.5


def settled_service(cluster: Cluster, namespace: str, name: str, clock: Clock) -> ServiceFacts:
    """The Service once Knative has said whether it is ready; as it then is after `SETTLE_S`.

    What was just applied, or put back by a sweep, is "Unknown" until its pod runs and its route is
    there. Pods that do not start explain more than any longer wait.

    Raises:
        NotFound: when there is no such Service.
        KubeError: when it cannot be asked.
    """
    ends_s = clock.now_s() + SETTLE_S
    while True:
        service = read_service(cluster, namespace, name)
        if service.is_decided or clock.now_s() >= ends_s or read_pods(cluster, service).troubles:
            return service
        clock.sleep(LOOK_S)
