"""The Service as it stands between runs: its revision, its pods, what the autoscaler wants."""

from collections.abc import Mapping, Sequence
from typing import Any

from experiment.knative.names import REVISION_LABEL, SERVICE_LABEL
from experiment.knative.service import is_observed, ready_condition
from experiment.kube import Json
from experiment.kube_errors import NotFound
from experiment.resources import POD_AUTOSCALERS, PODS
from experiment.sweep.cluster.initial_state import Seen
from experiment.sweep.cluster.patience import patiently
from experiment.sweep.cluster.service_api import ServiceApi

ENDED = ("Succeeded", "Failed")
ALL_PERCENT = 100


def settled_revision(service: Json) -> str | None:
    """The revision that all calls go to, once it is the latest and ready; None before."""
    status = service.get("status", {})
    latest = status.get("latestCreatedRevisionName")
    is_latest = latest is not None and latest == status.get("latestReadyRevisionName")
    if not (is_observed(service) and is_latest and ready_condition(status)[0]):
        return None
    return str(latest) if _share_percent(status.get("traffic") or (), latest) else None


def _share_percent(traffic: Sequence[Mapping[str, Any]], revision: str) -> bool:
    shares = [one.get("percent") or 0 for one in traffic if one.get("revisionName") == revision]
    return sum(shares) == ALL_PERCENT


def traffic_elsewhere(spec: Mapping[str, Any]) -> str | None:
    """A target of the Service's traffic that no new revision would be; None where there is none."""
    for one in spec.get("traffic") or ():
        if one.get("percent") and not one.get("latestRevision"):
            return str(one.get("revisionName") or one.get("configurationName") or "a revision")
    return None


def why_unsettled(service: Json) -> str:
    """Why a revision is not ready, on one line."""
    is_ready, reason = ready_condition(service.get("status", {}))
    return "its traffic is not there yet" if is_ready else reason or "no reason given"


def look(api: ServiceApi, revision: str, quiet_s: float, is_new: bool) -> Seen:  # noqa: FBT001
    """What is there now.

    Raises:
        ApiGone: when the API stays out of reach.
        KubeError: when it may not be asked.
    """
    pods = patiently(lambda: _pods(api), api.clock)
    ready = sum(_is_ready_one_of(pod, revision) for pod in pods)
    desired = patiently(lambda: _desired(api, revision), api.clock)
    return Seen(desired, ready, len(pods) - ready, quiet_s, is_new)


def _pods(api: ServiceApi) -> list[Json]:
    """All that are there, but for those on their way out: they get no calls any more."""
    selector = {"labelSelector": f"{SERVICE_LABEL}={api.name}"}
    items = api.cluster.get(PODS.path(api.namespace), selector).get("items") or []
    return [pod for pod in items if _is_there(pod)]


def _is_there(pod: Json) -> bool:
    is_ending = bool(pod["metadata"].get("deletionTimestamp"))
    return not is_ending and pod.get("status", {}).get("phase") not in ENDED


def _is_ready_one_of(pod: Json, revision: str) -> bool:
    labels = pod["metadata"].get("labels") or {}
    return labels.get(REVISION_LABEL) == revision and ready_condition(pod.get("status", {}))[0]


def _desired(api: ServiceApi, revision: str) -> int | None:
    """-1 is Knative's word for "not known yet"."""
    try:
        found = api.cluster.get(POD_AUTOSCALERS.path(api.namespace, revision))
    except NotFound:
        return None
    wanted = found.get("status", {}).get("desiredScale")
    return int(wanted) if wanted is not None and wanted >= 0 else None
