"""All checks, those first that explain the later ones."""

from collections.abc import Callable

from experiment.doctor import path_checks, service_checks
from experiment.doctor.facts import Facts
from experiment.doctor.findings import Finding

CHECKS: tuple[Callable[[Facts], Finding | None], ...] = (
    service_checks.port_not_named_h2c,
    service_checks.not_ready,
    service_checks.timeout_below_spin,
    path_checks.no_connection,
    path_checks.no_http2,
    path_checks.no_route,
    path_checks.no_such_method,
    path_checks.call_failed,
    service_checks.one_pod_takes_all,
)


def examine(facts: Facts) -> tuple[Finding, ...]:
    """What is wrong, in the order of `CHECKS`; empty when nothing is."""
    return tuple(finding for check in CHECKS if (finding := check(facts)) is not None)
