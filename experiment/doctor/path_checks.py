"""Checks of the way to the Service: connection, protocol, route, method."""

from experiment.doctor.facts import Facts, PathFacts
from experiment.doctor.findings import Finding

NO_SUCH_ROUTE = 404


def no_connection(facts: Facts) -> Finding | None:
    """A closed port or an unknown name, as the 8080 that no Knative Service listens on."""
    path = facts.path
    if path is None or not path.problem:
        return None
    return Finding(
        path.problem,
        "send to port 80 of the ingress or of the Service's own host (443 with TLS): "
        "the container's port is not reachable; doctor without --from-here finds the way",
    )


def no_http2(facts: Facts) -> Finding | None:
    """A server of HTTP/1.1 only cannot take gRPC."""
    path = facts.path
    if path is None or path.problem or path.speaks_http2:
        return None
    return Finding(
        f"{path.target} does not speak HTTP/2, which gRPC needs",
        "send to the port of the ingress that takes h2c, not to a web page or a metrics port",
    )


def no_route(facts: Facts) -> Finding | None:
    """The ingress finds a Service by the :authority; with another it answers 404."""
    path = facts.path
    if path is None or path.http_status != NO_SUCH_ROUTE:
        return None
    sent = path.authority or f"{path.target}, which is the address itself"
    return Finding(
        f"{path.target} has no route for the authority {sent}", _right_authority(facts, path)
    )


def _right_authority(facts: Facts, path: PathFacts) -> str:
    host = facts.service.host if facts.service else ""
    if path.right_authority or (host and path.authority != host):
        return f"--authority {path.right_authority or host}"
    namespace, name = facts.names
    return (
        "wait until the Service is ready, and compare its URL: "
        f"kubectl get ksvc {name} -n {namespace}"
    )


def not_described(facts: Facts) -> Finding | None:
    """Without a description of its messages, no request can be made from JSON."""
    path = facts.path
    if path is None or not path.undescribed:
        return None
    return Finding(
        f"{path.target}: {path.undescribed}",
        "--protoset FILE (protoc --include_imports --descriptor_set_out), "
        "or a --call that the Service has",
    )


def no_such_method(facts: Facts) -> Finding | None:
    """The server answers gRPC and does not know the method."""
    path = facts.path
    if path is None or path.code != "UNIMPLEMENTED" or path.http_status is not None:
        return None
    return Finding(
        f"{path.target} answers gRPC, but does not know {path.method}",
        "--call package.Service/Method of this Service; without it the spin worker is meant",
    )


def call_failed(facts: Facts) -> Finding | None:
    """Any other failure of the call: never passed over, whatever the cause."""
    path = facts.path
    if path is None or path.code in ("", "OK"):
        return None
    if no_route(facts) or no_such_method(facts):
        return None
    namespace, name = facts.names
    return Finding(
        f"{path.method} at {path.target} failed after {path.took_s:.1f} s: "
        f"{path.code} ({path.failure_class}): {path.details}",
        "see the logs of its pods: kubectl logs "
        f"-n {namespace} -l serving.knative.dev/service={name} -c user-container",
    )
