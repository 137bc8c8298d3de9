"""Checks of the Service's own settings and state."""

import difflib

from experiment.doctor.facts import Facts, Trouble
from experiment.doctor.findings import Finding
from experiment.doctor.permissions import grant_line, in_words
from experiment.doctor.settling import SETTLE_S

H2C = "h2c"
BURST_CAPACITY = "autoscaling.knative.dev/target-burst-capacity"
MAX_SCALE = ("autoscaling.knative.dev/max-scale", "autoscaling.knative.dev/maxScale")
SEVERAL = 2
NO_ROOM = "Unschedulable"


def no_permission(facts: Facts) -> Finding | None:
    """What may not be read cannot be judged, nor shown in the report."""
    if not facts.denied:
        return None
    who = facts.who or "this account"
    return Finding(
        f"{who} may not {in_words(facts.denied)}",
        f"an administrator types: {grant_line(facts.denied, facts.who)}",
    )


def no_such_service(facts: Facts) -> Finding | None:
    """A Service of another name; most likely the one whose name is most like it."""
    if facts.others is None:
        return None
    namespace, name = facts.names
    there = ", ".join(facts.others)
    nearest = difflib.get_close_matches(name, facts.others, 1, cutoff=0)
    return Finding(
        f"there is no Knative Service {name} in namespace {namespace}; there is {there or 'none'}",
        f"--ksvc {namespace}/{nearest[0]}" if nearest else "kubectl get ksvc -A shows them all",
    )


def port_not_named_h2c(facts: Facts) -> Finding | None:
    """Knative speaks HTTP/1.1 to a port of any other name, and no gRPC call arrives."""
    service = facts.service
    if service is None or service.port_name == H2C:
        return None
    named = f"is named {service.port_name!r}" if service.port_name else "has no name"
    port = "" if service.port is None else f" {service.port}"
    return Finding(
        f"{facts.wanted}: its port{port} {named}, so Knative speaks HTTP/1.1 to it",
        f"kn service update {service.name} -n {service.namespace} "
        f"--port h2c:{service.port or 'PORT'}",
    )


def pods_do_not_start(facts: Facts) -> Finding | None:
    """An image that cannot be pulled, a program that ends, no room: calls wait for nothing."""
    if not facts.pods.troubles:
        return None
    trouble = facts.pods.troubles[0]
    return Finding(
        f"{facts.wanted}: pod {trouble.pod} does not start: {trouble.in_words}",
        _way_out(facts, trouble),
    )


def _way_out(facts: Facts, trouble: Trouble) -> str:
    namespace, name = facts.names
    if "Image" in trouble.reason:
        return f"push that image, or kn service update {name} -n {namespace} --image IMAGE"
    if trouble.reason == NO_ROOM:
        return "free room on the nodes, or lower the requests in spec.template.spec.containers"
    return (
        f"see why: kubectl logs -n {namespace} {trouble.pod} -c user-container --previous; "
        f"kubectl describe pod -n {namespace} {trouble.pod}"
    )


def not_ready(facts: Facts) -> Finding | None:
    """A Service that is not ready answers nothing."""
    service = facts.service
    if service is None or service.is_ready or facts.pods.troubles:
        return None
    waited = "" if service.is_decided else f", after {SETTLE_S:.0f} s"
    return Finding(
        f"{facts.wanted} is not ready{waited}: {service.reason or 'no reason given'}",
        "put right what it names (image, port, probe), then wait for "
        f"kubectl wait ksvc/{service.name} -n {service.namespace} --for=condition=Ready",
    )


def timeout_below_spin(facts: Facts) -> Finding | None:
    """Knative ends a call with 504 once timeoutSeconds are over, waiting in queues included."""
    service = facts.service
    if service is None or service.timeout_s is None or facts.spin_s < service.timeout_s:
        return None
    return Finding(
        f"{facts.wanted}: timeoutSeconds is {service.timeout_s:g}, "
        f"a call takes {facts.spin_s:g} s and the wait before it",
        f"kn service update {service.name} -n {service.namespace} "
        f"--timeout {2 * facts.spin_s:.0f}, or take a shorter --spin",
    )


def one_pod_takes_all(facts: Facts) -> Finding | None:
    """Without the activator, a way that balances by connection keeps one pod busy."""
    service = facts.service
    if service is None or not _may_pin(facts):
        return None
    pods = f"{facts.pods.ready} pods" if facts.pods.ready >= SEVERAL else "with several pods"
    return Finding(
        f"{facts.wanted}: {pods}, and the activator is out of the path: an ingress that balances "
        "by connection sends all calls of one connection to one pod",
        f"kn service update {service.name} -n {service.namespace} "
        f"--annotation {BURST_CAPACITY}=-1, or see the calls by instance in the report",
        fatal=False,
    )


def _may_pin(facts: Facts) -> bool:
    """Whether it is so now, or will be as soon as there are pods."""
    annotations = facts.service.annotations if facts.service else {}
    if any(annotations.get(name) == "1" for name in MAX_SCALE):
        return False
    is_so = facts.pods.mode == "Serve" and facts.pods.ready >= SEVERAL
    return is_so or annotations.get(BURST_CAPACITY) == "0"
