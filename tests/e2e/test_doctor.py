"""The doctor against live breakage: each fault is named with its fix, the right set-up passes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.e2e.knative import KnativeService, deploy, service
from tests.e2e.kubectl import Kubectl
from tests.e2e.spin_calls import call, open_stub
from tests.waiting import wait_for

PROJECT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(120)

FAULTS_AT_THE_ENTRANCE = {
    "no authority": (lambda at: ["--from-here", at.address], "no route", "--authority worker."),
    "port 8080": (
        lambda at: ["--from-here", at.address.replace(":80", ":8080")],
        ":8080",
        "port 80",
    ),
    "another method": (
        lambda at: ["--call", "spin.v1.Spinner/Spun"],
        "no method 'Spun'",
        "--call that the Service has",
    ),
    "a timeout below the spin": (
        lambda at: ["--spin", "60s"],
        "timeoutSeconds is 60",
        "--timeout 120",
    ),
}


@pytest.fixture(scope="module")
def worker_service(cluster: Kubectl, namespace: str) -> KnativeService:
    return deploy(cluster, service(namespace))


def test_the_right_set_up_passes(worker_service: KnativeService) -> None:
    done = doctor(worker_service.namespace, "worker")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "fit for a run; /spin.v1.Spinner/Spin through" in done.stdout
    assert "OK" in done.stdout
    assert "fix:" not in done.stdout


def test_a_call_by_name_passes_too(worker_service: KnativeService) -> None:
    data = '{"spin_us": 1000}'
    done = doctor(
        worker_service.namespace, "worker", "--call", "spin.v1.Spinner/SpinStream", "--data", data
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("fault", FAULTS_AT_THE_ENTRANCE)
def test_a_wrong_way_of_calling_is_named_with_its_fix(
    worker_service: KnativeService, fault: str
) -> None:
    arguments, said, fix = FAULTS_AT_THE_ENTRANCE[fault]
    done = doctor(worker_service.namespace, "worker", *arguments(worker_service.entrance()))
    assert_named(done, said, fix)


def test_a_wrong_name_is_named_with_the_names_that_are_there(
    worker_service: KnativeService,
) -> None:
    done = doctor(worker_service.namespace, "wroker")
    assert_named(done, "worker", f"--ksvc {worker_service.namespace}/worker")


def test_a_namespace_that_is_not_there_is_bad_input(cluster: Kubectl) -> None:
    done = doctor("no-such-namespace", "worker")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("experiment: there is no namespace 'no-such-namespace'")


def test_a_port_without_the_name_h2c_is_named(cluster: Kubectl, namespace: str) -> None:
    manifest = named(service(namespace), "unnamed")
    container = manifest["spec"]["template"]["spec"]["containers"][0]
    container["ports"] = [{"containerPort": 50052}]  # as kn makes it of --port=50052
    del container["readinessProbe"]
    deploy(cluster, manifest)
    done = doctor(namespace, "unnamed")
    fix = f"kn service update unnamed -n {namespace} --port h2c:50052"
    assert_named(done, "port 50052 has no name", fix)


def test_at_zero_an_image_that_cannot_be_pulled_is_named_before_the_deadline(
    cluster: Kubectl, namespace: str, zero_at_first: None
) -> None:
    manifest = named(service(namespace, initial_scale="0"), "broken")
    container = manifest["spec"]["template"]["spec"]["containers"][0]
    container["image"] = "ko.local/no-such-image:1"
    broken = deploy(cluster, manifest)
    wait_for("a way to the activator", lambda: is_reached(broken), within_s=60)
    done = doctor(namespace, "broken", "--timeout", "55s")
    assert_named(done, "pod broken-00001", f"kn service update broken -n {namespace} --image")
    assert "Image" in done.stdout


def test_a_service_that_was_changed_a_moment_ago_passes(cluster: Kubectl, namespace: str) -> None:
    manifest = named(service(namespace), "changed")
    deploy(cluster, manifest)
    manifest["spec"]["template"]["spec"]["timeoutSeconds"] = 45
    cluster.apply([manifest])
    done = doctor(namespace, "changed")
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_connection_that_pins_one_pod_is_a_warning(cluster: Kubectl, namespace: str) -> None:
    pinned = deploy(
        cluster, named(service(namespace, target_burst_capacity="0", min_scale="2"), "pinned")
    )
    wait_for("mode Serve", lambda: pinned.path()["spec"]["mode"] == "Serve", within_s=30)
    wait_for("2 pods", lambda: len(pinned.ready_pods()) >= 2, within_s=30)
    done = doctor(namespace, "pinned")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" in done.stdout
    assert "to one pod" in done.stdout
    assert "autoscaling.knative.dev/target-burst-capacity=-1" in done.stdout


def test_missing_permissions_are_named_with_the_line_that_grants_them(
    worker_service: KnativeService, cluster: Kubectl, tmp_path: Path
) -> None:
    namespace = worker_service.namespace
    account = f"system:serviceaccount:{namespace}:poor"
    cluster.text("-n", namespace, "create", "serviceaccount", "poor")
    kubeconfig = as_account(cluster, namespace, "poor", tmp_path)
    refused = doctor(namespace, "worker", "--kubeconfig", kubeconfig)
    assert_named(refused, f"{account} may not get, list services.serving.knative.dev", "kubectl")
    grant = refused.stdout.partition("an administrator types: ")[2].splitlines()[0]
    for line in grant.split(" && "):
        cluster.text(*line.split()[1:])
    granted = doctor(namespace, "worker", "--kubeconfig", kubeconfig, *by_entrance(worker_service))
    assert granted.returncode == 0, granted.stdout + granted.stderr


def doctor(namespace: str, name: str, *arguments: str) -> subprocess.CompletedProcess:
    """`python -m experiment doctor`."""
    command = [sys.executable, "-m", "experiment", "doctor", "--ksvc", f"{namespace}/{name}"]
    return subprocess.run(
        [*command, *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def is_reached(served: KnativeService) -> bool:
    """Whether the ingress has somebody to hand a call to: it may be a little later than "ready"."""
    with open_stub(served.entrance()) as stub:
        return "status: 502" not in call(stub, timeout_s=1).status


def assert_named(done: subprocess.CompletedProcess, fault: str, fix: str) -> None:
    """One line with fault and fix, and the exit code of a fault."""
    assert done.returncode == 3, done.stdout + done.stderr
    [line] = [line for line in done.stdout.splitlines() if "FAULT" in line]
    said, _, remedy = line.partition("; fix: ")
    assert fault in said
    assert fix in remedy


def named(manifest: dict, name: str) -> dict:
    """The manifest under another name."""
    manifest["metadata"]["name"] = name
    return manifest


def by_entrance(served: KnativeService) -> list[str]:
    """Where calls go in, for those who may not ask for the ingress."""
    at = served.entrance()
    return ["--from-here", at.address, "--authority", at.authority]


def as_account(cluster: Kubectl, namespace: str, account: str, folder: Path) -> str:
    """A kubeconfig with a token of that service account."""
    token = cluster.text("-n", namespace, "create", "token", account).strip()
    config = yaml.safe_load(Path(os.environ["KUBECONFIG"]).read_text())
    name = config["contexts"][0]["context"]["user"]
    config["users"] = [{"name": name, "user": {"token": token}}]
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return str(path)


@pytest.fixture
def zero_at_first(cluster: Kubectl) -> Iterator[None]:
    """Knative lets new revisions begin without a pod, for as long as the test runs."""
    with configured(cluster, "config-autoscaler", "allow-zero-initial-scale", "true"):
        yield


@contextmanager
def configured(cluster: Kubectl, name: str, key: str, value: str) -> Iterator[None]:
    """A setting of Knative's, and what it was before put back."""
    before = cluster.get("knative-serving", "configmap", name).get("data", {}).get(key)

    def put(text: str) -> None:
        patch = f'{{"data": {{"{key}": {text}}}}}'
        cluster.text(
            "-n", "knative-serving", "patch", "configmap", name, "--type=merge", "-p", patch
        )

    put(f'"{value}"')
    try:
        yield
    finally:
        put("null" if before is None else f'"{before}"')
