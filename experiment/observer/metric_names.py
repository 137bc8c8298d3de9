"""Knative's autoscaler in Prometheus' text format: its metrics under both generations of names.

Knative Serving up to 1.18 names them `autoscaler_…` (OpenCensus), from 1.19 on `kn_revision_…`
(OpenTelemetry; 1.19.0 and 1.19.1 left units out of names). Rows have the names of today, without
the unit that the exporter hangs on to a rate's.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from prometheus_client.parser import text_string_to_metric_families

PANIC = "kn_revision_panic_mode"

_OLD = {
    "desired_pods": "pods_desired",
    "requested_pods": "pods_requested",
    "actual_pods": "pods_count",
    "not_ready_pods": "pods_not_ready_count",
    "pending_pods": "pods_pending_count",
    "terminating_pods": "pods_terminating_count",
    "excess_burst_capacity": "capacity_excess",
    "stable_request_concurrency": "concurrency_stable",
    "panic_request_concurrency": "concurrency_panic",
    "target_concurrency_per_pod": "concurrency_target",
    "stable_requests_per_second": "rps_stable",
    "panic_requests_per_second": "rps_panic",
    "target_requests_per_second": "rps_target",
    "panic_mode": "panic_mode",
}
_WITH_UNIT = {f"{name}_per_second": name for name in ("rps_stable", "rps_panic", "rps_target")}
NAMES: Mapping[str, str] = {
    **{f"autoscaler_{old}": f"kn_revision_{new}" for old, new in _OLD.items()},
    **{f"kn_revision_{new}": f"kn_revision_{new}" for new in _OLD.values()},
    **{f"kn_revision_{longer}": f"kn_revision_{new}" for longer, new in _WITH_UNIT.items()},
}
"""Name on the page to name in rows."""
_NAMESPACE = ("k8s_namespace_name", "namespace_name")
_SERVICE = ("kn_service_name", "service_name")
_REVISION = ("kn_revision_name", "revision_name")


class Reading(NamedTuple):
    """One value of a revision."""

    revision: str
    name: str
    value: float


def read_page(text: str, namespace: str, service: str) -> Iterator[Reading]:
    """What a page of metrics says of a Service's revisions.

    Raises:
        ValueError: when the page is not in Prometheus' text format.
    """
    lines = (line for line in text.splitlines() if line.partition("{")[0] in NAMES)
    for family in text_string_to_metric_families("\n".join(lines) + "\n"):
        for sample in family.samples:
            labels = sample.labels
            if _label(labels, _NAMESPACE) == namespace and _label(labels, _SERVICE) == service:
                yield Reading(_label(labels, _REVISION), NAMES[sample.name], float(sample.value))


def _label(labels: Mapping[str, str], names: tuple[str, str]) -> str:
    return next((labels[name] for name in names if name in labels), "")
