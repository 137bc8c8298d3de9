"""Checks of the way to the Service: connection, protocol, route, method."""

from experiment.doctor.facts import Facts
from experiment.doctor.findings import Finding

NO_SUCH_ROUTE = 404


def no_connection(facts: Facts) -> Finding | None:
    """A closed port or an unknown name, as the 8080 that no Knative Service listens on."""
    path = facts.path
    if path is None or not path.problem:
        return None
    return Finding(
        path.problem,
        "send to the Service's own host at port 80, "
        "or --via the ingress' HOST:PORT (443 with TLS); containers' ports are not reachable",
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
    host = facts.service.host if facts.service else "HOST (of kubectl get ksvc)"
    if facts.service and path.authority == host:
        return Finding(
            f"{path.target} has no route for {host}",
            "wait until the Service is ready; compare its URL with kubectl get ksvc",
        )
    return Finding(
        f"{path.target} has no route for the authority {path.authority or path.target!r}",
        f"--authority {host}",
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
    return Finding(
        f"{path.method} at {path.target} failed: {path.code} ({path.failure_class}): "
        f"{path.details}",
        "see the logs of the Service's pods: kubectl logs -l serving.knative.dev/service=NAME "
        "-c user-container",
    )
