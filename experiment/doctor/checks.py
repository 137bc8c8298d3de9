"""All checks, those first that explain the later ones."""

from collections.abc import Callable

from experiment.doctor import path_checks, service_checks
from experiment.doctor.facts import Facts
from experiment.doctor.findings import Finding

Check = Callable[[Facts], Finding | None]

CAUSES: tuple[Check, ...] = (
    service_checks.no_permission,
    service_checks.no_such_service,
    service_checks.port_not_named_h2c,
    service_checks.pods_do_not_start,
    service_checks.not_ready,
    service_checks.timeout_below_spin,
    path_checks.no_connection,
    path_checks.no_http2,
    path_checks.no_route,
    path_checks.not_described,
    path_checks.no_such_method,
    service_checks.one_pod_takes_all,
)


def examine(facts: Facts) -> tuple[Finding, ...]:
    """What is wrong, in the order of `CAUSES`; empty when nothing is.

    A call that failed is a finding of its own only where nothing else explains it.
    """
    found = tuple(finding for check in CAUSES if (finding := check(facts)) is not None)
    unexplained = path_checks.call_failed(facts)
    if unexplained is None or any(finding.fatal for finding in found):
        return found
    return (*found, unexplained)
