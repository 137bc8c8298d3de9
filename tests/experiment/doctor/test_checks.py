"""Each known fault is named with its fix; the right set-up passes."""

from dataclasses import replace

import pytest

from experiment.doctor.checks import examine
from experiment.doctor.facts import Facts, PathFacts, PodFacts, Trouble
from experiment.doctor.findings import exit_code
from experiment.doctor.permissions import to_observe
from experiment.knative.service import ServiceFacts

HOST = "worker.default.example.com"
BURST = "autoscaling.knative.dev/target-burst-capacity"
SERVICE = ServiceFacts(
    namespace="default",
    name="worker",
    url=f"http://{HOST}",
    address="http://worker.default.svc.cluster.local",
    revision="worker-00001",
    is_ready=True,
    reason="",
    is_decided=True,
    annotations={},
    container_concurrency=1,
    timeout_s=300.0,
    image="worker:1",
    port_name="h2c",
    port=8080,
    resources={},
)
PATH = PathFacts("ingress:80", authority=HOST, method="/spin.v1.Spinner/Spin", code="OK")
RIGHT = Facts("default/worker", SERVICE, pods=PodFacts(1, "Proxy"), path=PATH, spin_s=0.1)


def with_service(**changes):
    return replace(RIGHT, service=replace(SERVICE, **changes))


def with_path(**changes):
    return replace(RIGHT, path=replace(PATH, **changes))


def with_trouble(reason, message=""):
    return replace(RIGHT, pods=PodFacts(troubles=(Trouble("worker-x", reason, message),)))


def test_the_right_set_up_passes():
    assert examine(RIGHT) == ()
    assert exit_code(examine(RIGHT)) == 0


def test_what_could_not_be_asked_is_not_judged():
    assert examine(Facts("default/worker")) == ()


@pytest.mark.parametrize(
    ("facts", "fault", "fix"),
    [
        (with_service(port_name="", port=50052), "port 50052 has no name", "--port h2c:50052"),
        (with_service(port_name="http1"), "'http1'", "kn service update worker -n default"),
        (with_service(is_ready=False, reason="RevisionMissing"), "RevisionMissing", "kubectl wait"),
        (with_service(is_ready=False, is_decided=False), "after 30 s: no reason", "kubectl wait"),
        (with_trouble("ErrImagePull", "no such image"), "ErrImagePull: no such image", "--image"),
        (with_trouble("CrashLoopBackOff"), "pod worker-x does not start", "--previous"),
        (with_trouble("Unschedulable", "0/1 nodes"), "0/1 nodes", "free room"),
        (replace(RIGHT, spin_s=300.0), "timeoutSeconds is 300", "--timeout 600"),
        (with_path(problem="cannot connect to x:8080: Connection refused"), "x:8080", "port 80"),
        (with_path(speaks_http2=False), "HTTP/2", "h2c"),
        (with_path(authority="", code="UNIMPLEMENTED", http_status=404), "route", HOST),
        (with_path(code="UNIMPLEMENTED", http_status=404), f"authority {HOST}", "kubectl get ksvc"),
        (
            with_path(code="UNIMPLEMENTED", http_status=404, right_authority="inside"),
            "no route",
            "--authority inside",
        ),
        (with_path(undescribed="no reflection"), "no reflection", "--protoset"),
        (with_path(code="UNIMPLEMENTED"), "does not know /spin.v1", "--call"),
        (with_path(code="UNAVAILABLE", http_status=503), "UNAVAILABLE", "kubectl logs -n default"),
        (with_path(code="DEADLINE_EXCEEDED"), "DEADLINE_EXCEEDED", "kubectl logs"),
        (
            Facts("default/wrker", others=("quote", "worker")),
            "there is quote, worker",
            "--ksvc default/worker",
        ),
        (Facts("default/wrker", others=()), "there is none", "kubectl get ksvc -A"),
    ],
)
def test_a_fault_is_the_one_finding_and_names_its_fix(facts, fault, fix):
    (finding,) = examine(facts)
    assert fault in finding.fault
    assert fix in finding.fix
    assert "\n" not in finding.fault + finding.fix
    assert exit_code([finding]) == 3


def test_what_a_fault_brings_about_is_not_a_second_one():
    facts = with_service(port_name="")
    facts = replace(facts, path=replace(PATH, code="UNAVAILABLE", details="502"))
    assert len(examine(facts)) == 1


def test_missing_permissions_are_one_finding_with_the_line_that_grants_them():
    facts = replace(
        RIGHT, denied=to_observe("default")[:3], who="system:serviceaccount:default:observer"
    )
    (finding,) = examine(facts)
    assert "get, list services.serving.knative.dev; list pods in namespace default" in finding.fault
    assert "--verb=get,list --resource=services.serving.knative.dev,pods" in finding.fix
    assert finding.fix.endswith("--serviceaccount=default:observer")


@pytest.mark.parametrize(
    "facts",
    [
        replace(RIGHT, pods=PodFacts(2, "Serve")),
        with_service(annotations={BURST: "0"}),
    ],
)
def test_several_pods_without_the_activator_are_a_warning_that_lets_the_run_go_on(facts):
    (finding,) = examine(facts)
    assert f"{BURST}=-1" in finding.fix
    assert exit_code([finding]) == 0


@pytest.mark.parametrize(
    "facts",
    [
        replace(RIGHT, pods=PodFacts(1, "Serve")),
        replace(RIGHT, pods=PodFacts(3, "Proxy")),
        with_service(annotations={BURST: "0", "autoscaling.knative.dev/max-scale": "1"}),
    ],
)
def test_one_pod_or_the_activator_in_the_path_is_no_reason_to_warn(facts):
    assert examine(facts) == ()
