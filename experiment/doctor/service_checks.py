"""Checks of the Service's own settings and state."""

from experiment.doctor.facts import Facts
from experiment.doctor.findings import Finding

H2C = "h2c"


def port_not_named_h2c(facts: Facts) -> Finding | None:
    """Knative speaks HTTP/1.1 to a port of any other name, and no gRPC call arrives."""
    service = facts.service
    if service is None or service.port_name == H2C:
        return None
    namespace, name = service.names
    return Finding(
        f"{service.name}: its port is named {service.port_name!r}, "
        "so Knative speaks HTTP/1.1 to it",
        f"kn service update {name} -n {namespace} --port h2c:PORT (the port that it listens on)",
    )


def not_ready(facts: Facts) -> Finding | None:
    """A Service that is not ready answers nothing, as one with an image that cannot start."""
    service = facts.service
    if service is None or service.ready:
        return None
    namespace, name = service.names
    return Finding(
        f"{service.name} is not ready: {service.reason or 'no reason given'}",
        "put right what it names (image, port, probe), then wait for "
        f"kubectl wait ksvc/{name} -n {namespace} --for=condition=Ready",
    )


def timeout_below_spin(facts: Facts) -> Finding | None:
    """Knative ends a call with 504 once timeoutSeconds are over, waiting in queues included."""
    service = facts.service
    if service is None or facts.spin_s < service.timeout_s:
        return None
    return Finding(
        f"{service.name}: timeoutSeconds is {service.timeout_s:g}, a call takes {facts.spin_s:g} s",
        "set spec.template.spec.timeoutSeconds above the spin and the wait before it, "
        "or take a shorter --spin",
    )


def one_pod_takes_all(facts: Facts) -> Finding | None:
    """Without the activator, a way that balances by connection keeps one pod busy."""
    service = facts.service
    if service is None or service.mode != "Serve" or service.ready_pods < 2:  # noqa: PLR2004 - one pod has no other
        return None
    return Finding(
        f"{service.name}: {service.ready_pods} pods, and the activator is out of the path: an "
        "ingress that balances by connection sends all calls to one pod",
        'annotate the template autoscaling.knative.dev/target-burst-capacity: "-1", '
        "or see the calls by instance in the report",
        fatal=False,
    )
