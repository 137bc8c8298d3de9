"""Each known fault is named with its fix; the right set-up passes."""

from dataclasses import replace

import pytest

from experiment.doctor.checks import examine
from experiment.doctor.facts import Facts, PathFacts, ServiceFacts
from experiment.doctor.findings import exit_code

HOST = "worker.default.example.com"
SERVICE = ServiceFacts("default/worker", HOST, "h2c", 300.0, ready_pods=1, mode="Proxy")
PATH = PathFacts("ingress:80", authority=HOST, method="/spin.v1.Spinner/Spin", code="OK")
RIGHT = Facts(SERVICE, PATH, spin_s=0.1)


def with_service(**changes):
    return replace(RIGHT, service=replace(SERVICE, **changes))


def with_path(**changes):
    return replace(RIGHT, path=replace(PATH, **changes))


def test_the_right_set_up_passes():
    assert examine(RIGHT) == ()
    assert exit_code(examine(RIGHT)) == 0


def test_what_could_not_be_asked_is_not_judged():
    assert examine(Facts(None, None)) == ()


@pytest.mark.parametrize(
    ("facts", "fault", "fix"),
    [
        (with_service(port_name=""), "HTTP/1.1", "-n default --port h2c:"),
        (with_service(port_name="http1"), "'http1'", "kn service update worker"),
        (with_service(ready=False, reason="ImagePullBackOff"), "ImagePullBackOff", "kubectl wait"),
        (replace(RIGHT, spin_s=300.0), "timeoutSeconds is 300", "timeoutSeconds above"),
        (with_path(problem="cannot connect to x:8080: Connection refused"), "x:8080", "port 80"),
        (with_path(speaks_http2=False), "HTTP/2", "h2c"),
        (with_path(authority="", code="UNIMPLEMENTED", http_status=404), "route", HOST),
        (with_path(code="UNIMPLEMENTED", http_status=404), f"route for {HOST}", "URL"),
        (with_path(code="UNIMPLEMENTED"), "does not know /spin.v1", "--call"),
        (with_path(code="UNAVAILABLE", http_status=503), "UNAVAILABLE", "kubectl logs"),
        (with_path(code="DEADLINE_EXCEEDED"), "DEADLINE_EXCEEDED", "kubectl logs"),
    ],
)
def test_a_fault_is_the_one_finding_and_names_its_fix(facts, fault, fix):
    (finding,) = examine(facts)
    assert fault in finding.fault
    assert fix in finding.fix
    assert "\n" not in finding.fault + finding.fix
    assert exit_code([finding]) == 3


def test_several_pods_without_the_activator_are_a_warning_that_lets_the_run_go_on():
    (finding,) = examine(with_service(mode="Serve", ready_pods=2))
    assert 'target-burst-capacity: "-1"' in finding.fix
    assert exit_code([finding]) == 0


@pytest.mark.parametrize("changes", [{"mode": "Serve"}, {"ready_pods": 3}])
def test_one_pod_or_the_activator_in_the_path_is_no_reason_to_warn(changes):
    assert examine(with_service(**changes)) == ()
